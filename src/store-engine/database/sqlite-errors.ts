import { statfsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { MantissaError, UnavailableError } from '../../base/errors.js'
import { ConstraintError, DamagedStoreError, NotAStoreError, ReadOnlyStoreError, StoreBusyError } from '../errors.js'
import { findHolders } from './holders.js'

/** The disk below a store is full, or a quota is reached. The transaction was rolled back; nothing was written. */
export class DiskFullError extends UnavailableError {
  constructor(where: string, cause: unknown) {
    super(`no space left for ${where}`, { code: 'DISK_FULL', hint: 'free some space and run the command again', cause })
  }
}

/** The operating system refused to open, read or write a file. A transaction was rolled back. */
export class StoreUnreadableError extends UnavailableError {
  constructor(where: string, cause: unknown, options: { readonly act?: string; readonly hint?: string } = {}) {
    const { act = 'open', hint = 'check that the directory exists and that its permissions let you in' } = options
    super(`cannot ${act} ${where}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 'STORE_UNREADABLE',
      hint,
      cause,
    })
  }
}

/** What is told where a file is open and the disk below it fails. */
const FAILING_DISK = {
  act: 'read or write',
  hint: 'check that the place is still there, and the state of the disk',
} as const

/** SQLite has no code of its own for a schema that is not what the store says it is. */
const NOT_AS_DESCRIBED =
  /^no such (table|column|function)|has no column named|because it is a view|^unsupported file format|malformed/

/** SQLITE_PROTOCOL: so many processes opened and closed a store with a log at once that SQLite gave up trying. */
const BUSY_BY_OTHER_NAMES = new Set(['SQLITE_LOCKED', 'SQLITE_PROTOCOL'])

const NEEDS_ITS_DIRECTORY = new Set([
  'SQLITE_READONLY_DIRECTORY',
  'SQLITE_READONLY_CANTINIT',
  'SQLITE_READONLY_RECOVERY',
])

/** What better-sqlite3 says, with no code, of a database that was closed. */
const CLOSED = 'The database connection is not open'

/** What it says, with no code, where a store is moved away just as it is being opened. */
const VANISHED = 'Cannot open database because the directory does not exist'

/** SQLite's codes, translated once. Errors that are none of SQLite's pass unchanged. */
export function translateSqliteError(error: unknown, directory: string | null): unknown {
  const where = directory ?? 'the store in memory'
  if (error instanceof TypeError && error.message === CLOSED) return new ConstraintError(`${where} is closed`)
  if (error instanceof TypeError && error.message === VANISHED)
    return new NotAStoreError(where, 'there is no such directory')
  if (!(error instanceof Database.SqliteError) || error instanceof MantissaError) return error
  const { code } = error
  if (code.startsWith('SQLITE_BUSY') || BUSY_BY_OTHER_NAMES.has(code)) return busy(where, directory, error)
  if (code === 'SQLITE_FULL') return new DiskFullError(where, error)
  if (code.startsWith('SQLITE_IOERR')) return ioError(code, where, error)
  if (NEEDS_ITS_DIRECTORY.has(code))
    return new ReadOnlyStoreError(
      `${where} cannot be opened: SQLite keeps its journal there, even to read, and the directory cannot be written`,
    )
  if (code === 'SQLITE_READONLY_ROLLBACK')
    return new ReadOnlyStoreError(
      `${where} cannot be read: a process died in the middle of a transaction, and undoing it takes writing there`,
    )
  if (code.startsWith('SQLITE_READONLY')) return new ReadOnlyStoreError(`${where} cannot be written: ${error.message}`)
  if (code === 'SQLITE_NOTADB') return new NotAStoreError(where, 'db.sqlite is not an SQLite database')
  if (code.startsWith('SQLITE_CORRUPT'))
    return new DamagedStoreError(`${where} is damaged: ${error.message}`, { cause: error, details: { path: where } })
  if (code === 'SQLITE_ERROR' && NOT_AS_DESCRIBED.test(error.message))
    return new DamagedStoreError(`${where} is not as it should be: ${error.message}`, { cause: error })
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM' || code === 'SQLITE_AUTH')
    return isFull(where) ? new DiskFullError(where, error) : new StoreUnreadableError(where, error)
  return error
}

/**
 * What the operating system says when files of a store are made: a full disk, no permission, a disk that fails. What
 * is no such failure passes unchanged.
 */
export function translateFileError(error: unknown, where: string): unknown {
  const { code, message, syscall } = error as NodeJS.ErrnoException
  if (error instanceof MantissaError || syscall === undefined) return error
  if (code === 'ENOSPC' || code === 'EDQUOT') return new DiskFullError(where, error)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new ReadOnlyStoreError(`${where} cannot be written: ${message}`)
  return new StoreUnreadableError(where, error, FAILING_DISK)
}

function busy(where: string, directory: string | null, cause: unknown): StoreBusyError {
  const holders = directory === null ? [] : findHolders(directory).filter(({ isSelf }) => !isSelf)
  const names = holders.map(({ pid, command }) => `${command || 'a process'} (pid ${pid})`).join(', ')
  return new StoreBusyError(`${where} is busy${names === '' ? '' : `: held by ${names}`}`, {
    cause,
    details: { path: where, holders: holders.map(({ pid, command }) => ({ pid, command })) },
  })
}

function ioError(code: string, where: string, error: Error): unknown {
  // A write past the end of a full disk comes as IOERR_WRITE on some file systems; a short read is a cut-off file.
  if (code === 'SQLITE_IOERR_SHORT_READ') return new DamagedStoreError(`${where} is cut off`, { cause: error })
  return isFull(where) ? new DiskFullError(where, error) : new StoreUnreadableError(where, error, FAILING_DISK)
}

/** Whether a disk has no room left. That can also show as a failure of SQLite to grow its shared memory, or to write. */
export function isFull(directory: string): boolean {
  try {
    const { bavail, files, ffree } = statfsSync(directory)
    return bavail === 0 || (files > 0 && ffree === 0)
  } catch {
    return false
  }
}
