import { ConstraintError } from '../errors.js'
import type { Connection } from './connection.js'
import type { SqlRow, SqlValue } from './sql-value.js'
import type { Statement } from './statement.js'
import type { Transactions } from './transactions.js'

/** What plain tables hold; booleans are written as 1 and 0. */
export type PlainValue = SqlValue | boolean | undefined
export type PlainRow = Record<string, SqlValue>

/**
 * SQL on the store's database beside its items, for the toolkit's own `mantissa_…` tables.
 *
 * Rows are objects by column name. Integers come as numbers where a number holds them exactly, else as bigint.
 * Writing is refused outside `transact`, so that the write fence is checked and a deed with several statements is one.
 */
export class PlainSql {
  readonly #connection: Connection
  readonly #transactions: Transactions

  constructor(connection: Connection, transactions: Transactions) {
    this.#connection = connection
    this.#transactions = transactions
  }

  all<T = PlainRow>(sql: string, ...parameters: readonly PlainValue[]): T[] {
    const statement = this.#reader(sql)
    const names = statement.columnNames
    return statement.all(...parameters.map(toSql)).map(row => toObject(names, row) as T)
  }

  get<T = PlainRow>(sql: string, ...parameters: readonly PlainValue[]): T | undefined {
    const statement = this.#reader(sql)
    const row = statement.get(...parameters.map(toSql))
    return row === undefined ? undefined : (toObject(statement.columnNames, row) as T)
  }

  /** The first column of the first row; undefined when there is no row. */
  value<T extends SqlValue = SqlValue>(sql: string, ...parameters: readonly PlainValue[]): T | undefined {
    const row = this.#reader(sql).get(...parameters.map(toSql))
    return row === undefined ? undefined : (toPlain(row[0] ?? null) as T)
  }

  /** The first column of every row. */
  pluck<T extends SqlValue = SqlValue>(sql: string, ...parameters: readonly PlainValue[]): T[] {
    return this.#reader(sql)
      .all(...parameters.map(toSql))
      .map(row => toPlain(row[0] ?? null) as T)
  }

  run(
    sql: string,
    ...parameters: readonly PlainValue[]
  ): { readonly changes: number; readonly lastInsertRowid: number } {
    this.#assertWriting(sql)
    const result = this.#connection.prepare(sql).run(...parameters.map(toSql))
    return { changes: result.changes, lastInsertRowid: Number(result.lastInsertRowid) }
  }

  /** Statements without parameters and results, such as CREATE TABLE. */
  exec(sql: string): void {
    this.#assertWriting(sql)
    this.#connection.execute(sql)
  }

  #reader(sql: string): Statement {
    const statement = this.#connection.prepare(sql)
    if (!statement.isReader) throw new ConstraintError(`this statement returns nothing: ${sql}`)
    if (statement.writes && !/^\s*pragma\b/i.test(sql)) this.#assertWriting(sql)
    return statement
  }

  #assertWriting(sql: string): void {
    if (!this.#transactions.isWriting) throw new ConstraintError(`outside a transaction: ${sql}`)
  }
}

function toSql(value: PlainValue): SqlValue {
  if (typeof value === 'boolean') return value ? 1n : 0n
  // better-sqlite3 binds numbers as floats; a column without affinity would keep 1.0.
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  return value ?? null
}

function toPlain(value: SqlValue): SqlValue {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function toObject(names: readonly string[], row: SqlRow): PlainRow {
  return Object.fromEntries(names.map((name, index) => [name, toPlain(row[index] ?? null)]))
}
