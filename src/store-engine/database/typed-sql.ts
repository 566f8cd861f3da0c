/**
 * SQL that a person has typed, on any table of a store. Unlike the statements of the engine it may be wrong, so SQLite's
 * complaints are told as mistakes of who typed it, not as damage of the store.
 */
import Database from 'better-sqlite3'
import { SqlConstraintError, SqlMistakeError, StatementRefusedError } from '../errors.js'
import type { Connection } from './connection.js'
import { assertPermitted, isKnown, writesError } from './sql-permission.js'
import type { TypedStatement } from './sql-script.js'
import { sqlTrace } from './sql-trace.js'
import type { SqlRow, SqlValue } from './sql-value.js'
import type { Transactions } from './transactions.js'

export type SqlParameters = Readonly<Record<string, SqlValue>>

/** What a statement returns: for one that returns nothing there are no columns. */
export interface TypedResult<Rows extends Iterable<SqlRow> = Iterable<SqlRow>> {
  /** As SQLite calls them; two may have the same name. */
  readonly columns: readonly string[]
  readonly rows: Rows
}

export class TypedSql {
  readonly #connection: Connection
  readonly #transactions: Transactions

  constructor(connection: Connection, transactions: Transactions) {
    this.#connection = connection
    this.#transactions = transactions
  }

  /**
   * Runs a statement that changes nothing. Its rows come as they are asked for, and until the last one nothing else can
   * be done with the store.
   *
   * @throws StatementRefusedError, SqlMistakeError; while its rows are read also StoreBusyError and DamagedStoreError.
   */
  read(statement: TypedStatement, parameters: SqlParameters = {}): TypedResult {
    const compiled = this.#compile(statement, false)
    if (!compiled.reader) return { columns: [], rows: [] }
    return { columns: columnsOf(compiled), rows: this.#iterate(compiled, given(statement, parameters)) }
  }

  /**
   * Runs any statement that stays inside the transaction that is open. Where SQLite rolls everything back because of
   * it, the transaction can only fail: nothing more is written in it.
   *
   * @throws StatementRefusedError, SqlMistakeError, SqlConstraintError; outside a transaction ReadOnlyStoreError.
   */
  write(statement: TypedStatement, parameters: SqlParameters = {}): TypedResult<readonly SqlRow[]> {
    if (!this.#transactions.isWriting) throw writesError(statement.beginning[0] ?? '')
    this.#connection.assertIntact()
    const compiled = this.#compile(statement, true)
    return this.#inWords(() => {
      const bound = given(statement, parameters)
      if (compiled.reader) return { columns: columnsOf(compiled), rows: compiled.raw(true).all(...bound) as SqlRow[] }
      compiled.run(...bound)
      return { columns: [], rows: [] }
    })
  }

  /** How many rows this connection has inserted, changed or deleted so far. */
  get totalChanges(): number {
    return Number(this.#connection.prepare('SELECT total_changes()').get()?.[0])
  }

  #compile(statement: TypedStatement, mayWrite: boolean): Database.Statement<unknown[]> {
    assertPermitted(statement, mayWrite)
    sqlTrace.listener?.(statement.text, this.#connection.directory)
    const compiled = this.#inWords(() => this.#connection.database.prepare<unknown[]>(statement.text))
    const [verb = ''] = statement.beginning
    if (!isKnown(statement)) throw new StatementRefusedError(`${verb} is not known to be harmless`, 'leave it out')
    const mayOnlyTell = verb === 'PRAGMA' || verb === 'EXPLAIN'
    if (!mayWrite && !compiled.readonly && !mayOnlyTell) throw writesError('this statement')
    return compiled
  }

  *#iterate(compiled: Database.Statement<unknown[]>, bound: readonly SqlParameters[]): Generator<SqlRow> {
    const rows = this.#inWords(() => compiled.raw(true).iterate(...bound) as IterableIterator<SqlRow>)
    try {
      for (;;) {
        const next = this.#inWords(() => rows.next())
        if (next.done === true) return
        yield next.value
      }
    } finally {
      rows.return?.()
    }
  }

  #inWords<T>(deed: () => T): T {
    try {
      return deed()
    } catch (error) {
      throw this.#translate(error)
    }
  }

  #translate(error: unknown): unknown {
    if (!(error instanceof Database.SqliteError)) return error
    const { code, message } = error
    const failure = this.#connection.failed(error)
    if (code.startsWith('SQLITE_CONSTRAINT')) return new SqlConstraintError(message)
    if (['SQLITE_ERROR', 'SQLITE_MISMATCH', 'SQLITE_TOOBIG', 'SQLITE_RANGE', 'SQLITE_AUTH'].includes(code))
      return new SqlMistakeError(message)
    return failure
  }
}

function columnsOf(compiled: Database.Statement<unknown[]>): readonly string[] {
  return compiled.columns().map(({ name }) => name)
}

/** @throws SqlMistakeError for a parameter without a name or a value. */
function given(statement: TypedStatement, parameters: SqlParameters): readonly SqlParameters[] {
  if (statement.hasNamelessParameter) throw new SqlMistakeError('a parameter has no name: write :name instead of ?')
  const missing = [...statement.parameters].find(name => !Object.hasOwn(parameters, name))
  if (missing !== undefined) throw new SqlMistakeError(`the parameter :${missing} has no value`)
  return statement.parameters.size === 0 ? [] : [parameters]
}
