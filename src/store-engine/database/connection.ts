import Database from 'better-sqlite3'
import { StoreMovedError } from '../errors.js'
import { DatabaseFile } from './database-file.js'
import { openForReading } from './hot-journal.js'
import { type JournalMode, setJournalMode } from './journal-mode.js'
import { sqlTrace } from './sql-trace.js'
import type { SqlValue } from './sql-value.js'
import { translateSqliteError } from './sqlite-errors.js'
import { Statement, type StatementOwner } from './statement.js'

/** Statements kept ready per connection; beyond it the one prepared first is let go. */
const CACHED_STATEMENTS = 400
/** Milliseconds. */
const BUSY_TIMEOUT = 5000

export interface ConnectionOptions {
  readonly readonly?: boolean | undefined
  /** Milliseconds that SQLite waits for another process's lock before StoreBusyError. Default 5000. */
  readonly busyTimeout?: number | undefined
  readonly journalMode?: JournalMode | undefined
  /** For whoever only looks, however the file was opened: no statement can write. */
  readonly queryOnly?: boolean | undefined
  /** No other connection gets in until this one is closed, which spares SQLite the shared memory. */
  readonly alone?: boolean | undefined
}

interface Place {
  readonly directory: string
  readonly file: DatabaseFile
}

const SETTINGS = 'PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL'
const SETTINGS_TO_LOOK = 'PRAGMA trusted_schema = OFF; PRAGMA query_only = ON'
const FIRST_READ = 'PRAGMA schema_version'
const KEPT_ALONE = 'PRAGMA locking_mode = EXCLUSIVE'

/**
 * One connection to one database, with the settings that the format needs: foreign keys off, since tombstones break
 * the declared one; `synchronous=FULL` said each time, since a reopened WAL database starts at NORMAL; no trust in
 * functions that a schema from a stranger might call.
 */
export class Connection implements Disposable, StatementOwner {
  readonly database: Database.Database
  /** The store's directory, for messages; null in memory. */
  readonly directory: string | null
  /** What lay at the directory's path when it was opened; undefined in memory. */
  readonly #file: DatabaseFile | undefined
  readonly #busyTimeout: number
  readonly #statements = new Map<string, Statement>()
  #inTransaction = false
  /** Why the open transaction cannot be committed any more. */
  #undoneBy: unknown

  private constructor(database: Database.Database, place: Place | null, options: ConnectionOptions = {}) {
    const directory = place?.directory ?? null
    this.database = database
    this.directory = directory
    this.#file = place?.file
    this.#busyTimeout = options.busyTimeout ?? BUSY_TIMEOUT
    database.defaultSafeIntegers(true)
    try {
      database.exec(settingsOf(options))
    } catch (error) {
      database.close()
      throw translateSqliteError(error, directory)
    }
  }

  /**
   * @throws NotAStoreError when there is no database; never creates one. StoreMovedError where it is not there any more,
   *   or another is, once it has been read.
   */
  static open(directory: string, options: ConnectionOptions = {}): Connection {
    const file = DatabaseFile.at(directory)
    try {
      const connection = new Connection(openFile(file, options), { directory, file }, options)
      if (!file.hasMoved) return connection
      connection.close()
    } catch (error) {
      throw file.hasMoved ? new StoreMovedError(directory, error) : translateSqliteError(error, directory)
    }
    throw new StoreMovedError(directory)
  }

  static inMemory(image?: Buffer): Connection {
    return new Connection(image === undefined ? new Database(':memory:') : new Database(image), null)
  }

  /** Whether another file, or none, lies by now where this one was opened. One call of the system. */
  get hasMoved(): boolean {
    return this.#file?.hasMoved ?? false
  }

  prepare(sql: string): Statement {
    const cached = this.#statements.get(sql)
    if (cached !== undefined) return cached
    const statement = this.#compile(sql)
    if (this.#statements.size >= CACHED_STATEMENTS) {
      const [oldest] = this.#statements.keys()
      if (oldest !== undefined) this.#statements.delete(oldest)
    }
    this.#statements.set(sql, statement)
    return statement
  }

  /** Runs statements that return nothing; several, separated by semicolons, are allowed. */
  execute(sql: string): void {
    this.assertIntact()
    sqlTrace.listener?.(sql, this.directory)
    try {
      this.database.exec(sql)
    } catch (error) {
      throw this.failed(error)
    }
  }

  /** Opens a transaction; `IMMEDIATE` takes the write lock at once. @throws StoreBusyError. */
  begin(kind: 'IMMEDIATE' | 'DEFERRED'): void {
    this.prepare(`BEGIN ${kind}`).run()
    this.#inTransaction = true
  }

  /** @throws where the transaction was undone meanwhile, or cannot be written; it is then for `rollBack` to end it. */
  commit(): void {
    this.assertIntact()
    this.prepare('COMMIT').run()
    this.#inTransaction = false
  }

  /**
   * Ends the open transaction, whatever became of it. It does not fail: where SQLite cannot undo on the disk, it lets
   * go of the transaction all the same, and whoever opens the database next finishes the undoing.
   */
  rollBack(): void {
    this.#inTransaction = false
    this.#undoneBy = undefined
    if (!this.database.inTransaction) return
    try {
      this.prepare('ROLLBACK').run()
    } catch {
      // What made the transaction fail is on its way to the caller.
    }
  }

  /** From here on the open transaction can only be rolled back; what it would write fails with `reason`. */
  condemn(reason: unknown): void {
    this.#undoneBy ??= reason
  }

  /**
   * After some errors (a full disk, a failing one) SQLite has rolled back everything, savepoints or not. Whoever catches
   * such an error and goes on would write outside of any transaction.
   */
  assertIntact(): void {
    if (this.#undoneBy !== undefined) throw this.#undoneBy
  }

  failed(error: unknown): unknown {
    const translated = translateSqliteError(error, this.directory)
    if (this.#inTransaction && !this.database.inTransaction) this.condemn(translated)
    return translated
  }

  /** See {@link setJournalMode}. @throws StoreBusyError after the busy timeout. */
  setJournalMode(mode: JournalMode): void {
    try {
      setJournalMode(this.database, mode, this.#busyTimeout)
    } catch (error) {
      throw translateSqliteError(error, this.directory)
    }
  }

  #compile(sql: string): Statement {
    try {
      return new Statement(this.database.prepare<SqlValue[]>(sql), this)
    } catch (error) {
      throw translateSqliteError(error, this.directory)
    }
  }

  /** See Store.emptyLog. */
  emptyLog(patience: number): void {
    const [waiting = 0n] = this.prepare('PRAGMA busy_timeout').get() ?? []
    try {
      this.prepare(`PRAGMA busy_timeout = ${Math.trunc(patience)}`).get()
      this.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
    } finally {
      this.prepare(`PRAGMA busy_timeout = ${waiting}`).get()
    }
  }

  close(): void {
    this.#statements.clear()
    this.database.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** They end with the first read, which opens the log. */
function settingsOf({ queryOnly = false, alone = false }: ConnectionOptions): string {
  return [queryOnly ? SETTINGS_TO_LOOK : SETTINGS, ...(alone ? [KEPT_ALONE] : []), FIRST_READ].join('; ')
}

function openFile({ path }: DatabaseFile, options: ConnectionOptions): Database.Database {
  const { readonly = false, queryOnly = false, busyTimeout = BUSY_TIMEOUT } = options
  return readonly && !queryOnly
    ? openForReading(path, busyTimeout)
    : new Database(path, { fileMustExist: true, readonly, timeout: busyTimeout })
}
