import type Database from 'better-sqlite3'
import { sqlTrace } from './sql-trace.js'
import type { SqlRow, SqlValue } from './sql-value.js'

/** What a statement needs to know of its connection. */
export interface StatementOwner {
  /** The store's directory; null in memory. */
  readonly directory: string | null
  /** @throws where a transaction is open that SQLite has undone. */
  assertIntact(): void
  /** The error in our own words, after the connection has taken note of it. */
  failed(error: unknown): unknown
}

/** A prepared statement that returns rows as arrays with 64-bit integers, and errors in our own words. */
export class Statement {
  readonly #statement: Database.Statement<SqlValue[]>
  readonly #owner: StatementOwner
  /** Whether it may change the database. */
  readonly writes: boolean

  constructor(statement: Database.Statement<SqlValue[]>, owner: StatementOwner) {
    this.#statement = statement.reader ? statement.raw(true) : statement
    this.#owner = owner
    this.writes = !statement.readonly
  }

  get isReader(): boolean {
    return this.#statement.reader
  }

  get columnNames(): string[] {
    return this.#statement.columns().map(column => column.name)
  }

  run(...parameters: SqlValue[]): Database.RunResult {
    this.#begin()
    try {
      return this.#statement.run(...parameters)
    } catch (error) {
      throw this.#owner.failed(error)
    }
  }

  get(...parameters: SqlValue[]): SqlRow | undefined {
    this.#begin()
    try {
      return this.#statement.get(...parameters) as SqlRow | undefined
    } catch (error) {
      throw this.#owner.failed(error)
    }
  }

  all(...parameters: SqlValue[]): SqlRow[] {
    this.#begin()
    try {
      return this.#statement.all(...parameters) as SqlRow[]
    } catch (error) {
      throw this.#owner.failed(error)
    }
  }

  /** The first column of every row, as numbers: an integer beyond 2^53 loses its last digits. */
  numbers(...parameters: SqlValue[]): number[] {
    this.#begin()
    try {
      return this.#statement
        .pluck(true)
        .safeIntegers(false)
        .all(...parameters) as unknown[] as number[]
    } catch (error) {
      throw this.#owner.failed(error)
    } finally {
      this.#statement.raw(true).safeIntegers(true)
    }
  }

  #begin(): void {
    if (this.writes) this.#owner.assertIntact()
    sqlTrace.listener?.(this.#statement.source, this.#owner.directory)
  }
}
