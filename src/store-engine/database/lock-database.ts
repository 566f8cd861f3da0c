import { closeSync, existsSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { translateFileError, translateSqliteError } from './sqlite-errors.js'

/** A lock that this process holds; it dies with the process, whatever way that ends. */
export interface HeldLock extends Disposable {
  readonly path: string
  release(): void
}

/**
 * Takes the lock that the file at `path` stands for, creating the file where it is missing, without waiting.
 * The file is an empty SQLite database held by an exclusive transaction: the operating system frees it when the
 * process dies, which no file with a pid in it can promise.
 *
 * @returns undefined when somebody holds it, this process included.
 * @throws DiskFullError, StoreUnreadableError or ReadOnlyStoreError where it cannot be made or taken.
 */
export function tryLockDatabase(path: string): HeldLock | undefined {
  makePrivateFile(path)
  const database = new Database(path, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY') return undefined
    throw translateSqliteError(error, dirname(path))
  }
  const release = () => {
    database.close()
  }
  return { path, release, [Symbol.dispose]: release }
}

/** SQLite would make it with a mode of its own. One that exists is not opened here: closing it would drop its locks. */
function makePrivateFile(path: string): void {
  if (existsSync(path)) return
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw translateFileError(error, path)
  }
}
