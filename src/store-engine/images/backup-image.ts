import { chmodSync, closeSync, openSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { namingFile } from '../../base/atomic-file.js'
import { DiskFullError, isFull, StoreUnreadableError, translateFileError } from '../database/sqlite-errors.js'
import { DamagedStoreError, StoreBusyError } from '../errors.js'
import { copyAtRest } from './quiet-copy.js'

export interface CopiedDatabase {
  readonly pages: number
  /** Size of the new file. */
  readonly bytes: number
}

/**
 * Runs in a worker thread. All pages go in one step: in small steps, a store under several writers restarts for ever.
 * The read transaction comes first, because a backup that finds its source locked takes that for a source of no pages.
 * Written as text, since a worker needs a file of plain JavaScript or none.
 */
const COPY = `
  const { parentPort, workerData } = require('node:worker_threads')
  const Database = require(workerData.driver)
  let isRead = false
  async function copy() {
    const source = new Database(workerData.from, { readonly: true, fileMustExist: true, timeout: workerData.timeout })
    try {
      source.exec('BEGIN')
      source.prepare('SELECT count(*) FROM sqlite_master').get()
      isRead = true
      const { totalPages } = await source.backup(workerData.to, { progress: () => 0x7fffffff })
      return { pages: totalPages, pageSize: source.pragma('page_size', { simple: true }) }
    } finally {
      source.close()
    }
  }
  copy().then(done => parentPort.postMessage({ done }), ({ code, message }) => parentPort.postMessage({ code, message, isRead }))
`

type Answer = { readonly done: { readonly pages: number; readonly pageSize: number } } | Failed

/** `isRead`: the original could be opened and read. */
interface Failed {
  readonly code?: string
  readonly message: string
  readonly isRead?: boolean
}

const CHECK_BOTH = 'check that both places are still there, and the state of their disks'

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
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const from = join(storeDirectory, options.fileName ?? 'db.sqlite')
  const quick = await copyLargeAtRest(from, targetFile)
  if (quick !== undefined) {
    if (options.sync !== false) await syncImage(targetFile)
    return quick
  }
  makeTarget(targetFile)
  const workerData = { driver, from, to: targetFile, timeout: options.busyTimeout ?? 5000 }
  const answer = await new Promise<Answer>((resolve, reject) => {
    const worker = new Worker(COPY, { eval: true, workerData })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', code => reject(new Error(`the copying thread ended with ${code}`)))
  })
  if ('done' in answer) return { pages: answer.done.pages, bytes: answer.done.pages * answer.done.pageSize }
  rmSync(targetFile, { force: true })
  throw failure(answer, storeDirectory, dirname(targetFile))
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

async function copyLargeAtRest(from: string, to: string): Promise<CopiedDatabase | undefined> {
  if ((statSync(from, { throwIfNoEntry: false })?.size ?? 0) < LARGE) return undefined
  const pages = await copyAtRest(from, to)
  if (pages !== undefined) {
    chmodSync(to, 0o600)
    return { pages, bytes: statSync(to).size }
  }
  rmSync(to, { force: true })
  return undefined
}

function failure({ code, message, isRead }: Failed, storeDirectory: string, targetDirectory: string): Error {
  const cause = new Error(message)
  if (code === 'SQLITE_FULL' || isFull(targetDirectory)) return new DiskFullError(targetDirectory, cause)
  if (code?.startsWith('SQLITE_BUSY')) return new StoreBusyError(`${storeDirectory} is busy: ${message}`)
  if (code?.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new DamagedStoreError(`${storeDirectory} is damaged: ${message}`)
  if (!isRead) return new StoreUnreadableError(storeDirectory, cause)
  return new StoreUnreadableError(`${storeDirectory} to ${targetDirectory}`, cause, { act: 'copy', hint: CHECK_BOTH })
}
