import { chmodSync, closeSync, openSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { namingFile } from '../../base/atomic-file.js'
import { MantissaError } from '../../base/errors.js'
import { DiskFullError, isFull, StoreUnreadableError, translateFileError } from '../database/sqlite-errors.js'
import { DamagedStoreError, StoreBusyError } from '../errors.js'
import type { ErrorFacts } from './image-thread.js'
import { inImageThread } from './image-threads.js'
import type { ImageOrder } from './image-work.js'
import { copyAtRest } from './quiet-copy.js'

export interface CopiedDatabase {
  readonly pages: number
  /** Size of the new file. */
  readonly bytes: number
}

/**
 * Copies the database of a store, as of one moment, to a new file. Writers of a store in WAL mode go on meanwhile;
 * those of a store with a rollback journal wait.
 *
 * Rowids are kept (unlike with VACUUM, which may renumber stores that have no explicit oid columns), and so is every
 * byte but those that SQLite itself counts with. A small database is copied through memory, a large one whose log is empty
 * (`Store.emptyLog`) as a file, by a process of its own. The file is synced, unless the caller will do it
 * (`sync: false`, then {@link syncImage}); its directory entry is not. Mode 0600, whatever the original's.
 * @throws StoreBusyError, DamagedStoreError, StoreUnreadableError, DiskFullError; there is no target file then.
 */
export async function copyDatabase(
  storeDirectory: string,
  targetFile: string,
  options: { readonly busyTimeout?: number; readonly fileName?: string; readonly sync?: boolean } = {},
): Promise<CopiedDatabase> {
  const from = join(storeDirectory, options.fileName ?? 'db.sqlite')
  const { busyTimeout: timeout = BUSY_TIMEOUT, sync = true } = options
  const quick = isLargeDatabase(from) ? await copyLargeAtRest(from, targetFile) : undefined
  if (quick !== undefined) {
    if (sync) await syncImage(targetFile)
    return quick
  }
  return copyInThread({ from, to: targetFile, timeout }, sync)
}

async function copyInThread(order: ImageOrder, sync: boolean): Promise<CopiedDatabase> {
  const small = isLargeDatabase(order.from) ? undefined : await writeInThread('copySmall', order)
  if (small !== undefined && sync) await syncImage(order.to)
  return small ?? copyPageByPage(order)
}

/** The same by SQLite's own means, whatever the size; the copy is flushed to the disk. See {@link copyDatabase}. */
export async function copyPageByPage(order: ImageOrder): Promise<CopiedDatabase> {
  const copied = await writeInThread('copyPages', order)
  if (copied === undefined) throw new TypeError('nothing was copied')
  return copied
}

/** On failure, and where this way does not do, no target file is left. */
async function writeInThread(work: 'copyPages' | 'copySmall', order: ImageOrder): Promise<CopiedDatabase | undefined> {
  makeTarget(order.to)
  try {
    const copied = await inImageThread(work, order)
    if (copied !== undefined) return { pages: copied.pages, bytes: copied.pages * copied.pageSize }
  } catch (error) {
    rmSync(order.to, { force: true })
    throw translateImageError(error, order)
  }
  rmSync(order.to, { force: true })
  return undefined
}

/** SQLite would make the file with a mode of its own. A file that is there already is never written over. */
function makeTarget(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new StoreUnreadableError(dirname(file), error)
    throw translateFileError(error, dirname(file))
  }
}

/** Flushes an image to the disk in the background, beside other work. */
export async function syncImage(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } catch (error) {
    throw namingFile(error, file)
  } finally {
    await handle.close()
  }
}

/** From this size on, starting a process costs less than copying page by page. */
const LARGE = 16 * 2 ** 20
/** Milliseconds. */
export const BUSY_TIMEOUT = 5000

/** Whether it pays to make a database rest (`Store.emptyLog`) before its image is taken or amended. */
export function isLargeDatabase(file: string): boolean {
  return sizeOf(file) + sizeOf(`${file}-wal`) >= LARGE
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

async function copyLargeAtRest(from: string, to: string): Promise<CopiedDatabase | undefined> {
  const pages = await copyAtRest(from, to)
  if (pages !== undefined) {
    chmodSync(to, 0o600)
    return { pages, bytes: statSync(to).size }
  }
  rmSync(to, { force: true })
  return undefined
}

const CHECK_BOTH = 'check that both places are still there, and the state of their disks'

/** What work in a thread has thrown, in our words. */
export function translateImageError(error: unknown, { from, to }: Pick<ImageOrder, 'from' | 'to'>): unknown {
  const { message, code, syscall, isRead } = error as Error & ErrorFacts
  const [source, target] = [dirname(from), dirname(to)]
  if (error instanceof MantissaError) return error
  if (code === 'SQLITE_FULL' || isFull(target)) return new DiskFullError(target, error)
  if (syscall !== undefined) return translateFileError(namingFile(error, to), target)
  if (code?.startsWith('SQLITE_BUSY')) return new StoreBusyError(`${source} is busy: ${message}`)
  if (code?.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new DamagedStoreError(`${source} is damaged: ${message}`)
  if (!isRead) return new StoreUnreadableError(source, error)
  return new StoreUnreadableError(`${source} to ${target}`, error, { act: 'copy', hint: CHECK_BOTH })
}
