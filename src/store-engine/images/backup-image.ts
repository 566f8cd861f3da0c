import { chmodSync, closeSync, openSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DiskFullError, isFull, StoreUnreadableError, translateFileError } from '../database/sqlite-errors.js'
import { DamagedStoreError, StoreBusyError } from '../errors.js'
import { inImageThread } from './image-threads.js'
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
 * byte but those that SQLite itself counts with. A large database whose log is empty (`Store.emptyLog`) is copied as a
 * file, by a process of its own. The file is synced, unless the caller will do it
 * (`sync: false`, then {@link syncImage}); its directory entry is not. Mode 0600, whatever the original's.
 * @throws StoreBusyError, DamagedStoreError, StoreUnreadableError, DiskFullError; there is no target file then.
 */
export async function copyDatabase(
  storeDirectory: string,
  targetFile: string,
  options: { readonly busyTimeout?: number; readonly fileName?: string; readonly sync?: boolean } = {},
): Promise<CopiedDatabase> {
  const from = join(storeDirectory, options.fileName ?? 'db.sqlite')
  const quick = await copyLargeAtRest(from, targetFile)
  if (quick !== undefined) {
    if (options.sync !== false) await syncImage(targetFile)
    return quick
  }
  return copyPageByPage(from, targetFile, options.busyTimeout)
}

/** The same without a look whether the database is at rest; see {@link copyDatabase}. */
export async function copyPageByPage(
  from: string,
  targetFile: string,
  busyTimeout: number = BUSY_TIMEOUT,
): Promise<CopiedDatabase> {
  makeTarget(targetFile)
  try {
    const { pages, pageSize } = await inImageThread('copyPages', { from, to: targetFile, timeout: busyTimeout })
    return { pages, bytes: pages * pageSize }
  } catch (error) {
    rmSync(targetFile, { force: true })
    throw translated(error, dirname(from), dirname(targetFile))
  }
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
  } finally {
    await handle.close()
  }
}

/** From this size on, starting a process costs less than copying page by page. */
const LARGE = 16 * 2 ** 20
/** Milliseconds. */
const BUSY_TIMEOUT = 5000

/** Whether it pays to make a database rest (`Store.emptyLog`) before its image is taken or amended. */
export function isLargeDatabase(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= LARGE
}

async function copyLargeAtRest(from: string, to: string): Promise<CopiedDatabase | undefined> {
  if (!isLargeDatabase(from)) return undefined
  const pages = await copyAtRest(from, to)
  if (pages !== undefined) {
    chmodSync(to, 0o600)
    return { pages, bytes: statSync(to).size }
  }
  rmSync(to, { force: true })
  return undefined
}

function translated(error: unknown, storeDirectory: string, targetDirectory: string): unknown {
  const { message, code } = error as Error & { readonly code?: string }
  if (code === 'SQLITE_FULL' || isFull(targetDirectory)) return new DiskFullError(targetDirectory, error)
  if (code?.startsWith('SQLITE_BUSY')) return new StoreBusyError(`${storeDirectory} is busy: ${message}`)
  if (code?.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new DamagedStoreError(`${storeDirectory} is damaged: ${message}`)
  return new StoreUnreadableError(storeDirectory, error)
}
