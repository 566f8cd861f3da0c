import { closeSync, existsSync, openSync, statSync } from 'node:fs'
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
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const lock = tryOnce(path, true)
    if (lock !== 'gone') return lock
  }
  const lock = tryOnce(path, false)
  return lock === 'gone' ? undefined : lock
}

/** Whoever lets go of a lock for good deletes its file; nobody does so again and again. */
const ATTEMPTS = 10

/**
 * `gone`: somebody has deleted the file meanwhile. A lock on what has no name any more keeps nobody out.
 *
 * @param triesAgain - whether a failure to open what is gone is told as `gone`, and not thrown.
 */
function tryOnce(path: string, triesAgain: boolean): HeldLock | undefined | 'gone' {
  makePrivateFile(path)
  const file = fileAt(path)
  const isGone = () => file === undefined || fileAt(path) !== file
  let database: Database.Database | undefined
  try {
    database = new Database(path, { timeout: 0, fileMustExist: true })
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database?.close()
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY') return undefined
    if (triesAgain && isGone()) return 'gone'
    throw translateSqliteError(error, dirname(path))
  }
  const release = () => {
    database.close()
  }
  if (!isGone()) return { path, release, [Symbol.dispose]: release }
  release()
  return 'gone'
}

/** Which file has that name; undefined where none has. */
function fileAt(path: string): string | undefined {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false })
  return facts && `${facts.dev}:${facts.ino}:${facts.birthtimeNs}`
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
