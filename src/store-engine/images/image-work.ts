/**
 * What is done with images in threads beside the main one, so that neither the disk nor a large database holds up
 * whatever else a process does. `image-thread` runs these; `image-threads` asks for them.
 */
import { writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { amendFile } from './amend-file.js'
import { type ChangedBlocks, hashBlocks, rehashBlocks } from './block-hashes.js'

export interface CopiedPages {
  readonly pages: number
  readonly pageSize: number
}

export interface ImageOrder {
  readonly from: string
  readonly to: string
  /** Milliseconds to wait for a lock. */
  readonly timeout: number
}

/** Copies a database into a file that is empty, and flushes it. */
async function copyPages({ from, to, timeout }: ImageOrder): Promise<CopiedPages> {
  using source = openMoment(from, timeout)
  const { database, pageSize } = source
  const { totalPages } = await database.backup(to, { progress: () => 0x7fffffff }).catch(afterReading)
  return { pages: totalPages, pageSize }
}

/** The same through memory, without flushing; undefined where that is no good way. */
function copySmall({ from, to, timeout }: ImageOrder): CopiedPages | undefined {
  using source = openMoment(from, timeout)
  const bytes = bytesOf(source)
  if (bytes === undefined) return undefined
  writeFileSync(to, bytes)
  return { pages: bytes.length / source.pageSize, pageSize: source.pageSize }
}

/** Makes an image equal to its database, through memory; undefined where that is no good way. */
function amendSmall({ from, to, timeout }: ImageOrder): ChangedBlocks | undefined {
  using source = openMoment(from, timeout)
  const bytes = bytesOf(source)
  return bytes && amendFile(bytes, to)
}

interface Moment extends Disposable {
  readonly database: Database.Database
  readonly pageSize: number
}

/**
 * A database as it is at one moment. The read transaction comes first, because a backup that finds its source locked
 * takes that for a source of no pages. All pages are then read in one step: in small steps, a store under several
 * writers restarts for ever.
 */
function openMoment(file: string, timeout: number): Moment {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout })
  try {
    database.exec('BEGIN')
    database.prepare('SELECT count(*) FROM sqlite_master').get()
    const pageSize = database.pragma('page_size', { simple: true }) as number
    return { database, pageSize, [Symbol.dispose]: () => void database.close() }
  } catch (error) {
    database.close()
    throw error
  }
}

/** SQLite gives zeros for a page that it cannot read, and no error. Where a page is all zeros, nobody knows. */
function bytesOf({ database, pageSize }: Moment): Buffer | undefined {
  const bytes = database.serialize()
  const zeros = Buffer.alloc(pageSize)
  for (let at = 0; at < bytes.length; at += pageSize)
    if (zeros.equals(bytes.subarray(at, at + pageSize))) return undefined
  return bytes.length === 0 ? undefined : bytes
}

/** SQLite does not say at which end a copy has failed; the original could at least be opened and read. */
function afterReading(error: Error): never {
  throw Object.assign(error, { isRead: true })
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

export const IMAGE_WORK = { copyPages, copySmall, amendSmall, checkPages, hashBlocks, rehashBlocks, amendFile } as const

export type ImageWork = typeof IMAGE_WORK
