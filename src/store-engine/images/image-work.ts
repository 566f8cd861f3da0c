/**
 * What is done with images in threads beside the main one, so that neither the disk nor a large database holds up
 * whatever else a process does. `image-thread` runs these; `image-threads` asks for them.
 */
import Database from 'better-sqlite3'
import { amendFile } from './amend-file.js'
import { hashBlocks, rehashBlocks } from './block-hashes.js'

export interface CopiedPages {
  readonly pages: number
  readonly pageSize: number
}

export interface CopyOrder {
  readonly from: string
  readonly to: string
  /** Milliseconds to wait for a lock. */
  readonly timeout: number
}

/**
 * Copies a database into a file that is empty. All pages go in one step: in small steps, a store under several writers
 * restarts for ever. The read transaction comes first, because a backup that finds its source locked takes that for a
 * source of no pages.
 */
async function copyPages({ from, to, timeout }: CopyOrder): Promise<CopiedPages> {
  const source = new Database(from, { readonly: true, fileMustExist: true, timeout })
  try {
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_master').get()
    const { totalPages } = await source.backup(to, { progress: () => 0x7fffffff })
    return { pages: totalPages, pageSize: source.pragma('page_size', { simple: true }) as number }
  } finally {
    source.close()
  }
}

/**
 * The first finding of SQLite's check; `ok` when there is none. The conditions of tables are not computed: in the store
 * of a stranger they may take for ever, and what contradicts them is not damaged.
 */
function checkPages(file: string, check: 'quick_check' | 'integrity_check'): string {
  const image = new Database(file, { readonly: true, fileMustExist: true })
  try {
    image.pragma('trusted_schema = OFF')
    image.pragma('ignore_check_constraints = ON')
    return String(image.pragma(`${check}(1)`, { simple: true }))
  } finally {
    image.close()
  }
}

export const IMAGE_WORK = { copyPages, checkPages, hashBlocks, rehashBlocks, amendFile } as const

export type ImageWork = typeof IMAGE_WORK
