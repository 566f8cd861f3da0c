import type { Connection } from '../database/connection.js'
import { quoteName, type SqlRow, toStoreID } from '../database/sql-value.js'
import type { Statement } from '../database/statement.js'
import type { TypeOnDisk } from '../schema/schema.js'
import type { ItemType } from './item-type.js'

/** The table of one item type in one store: its statements, compiled once, when they are first needed. */
export class TypeTable {
  readonly typeId: number
  readonly onDisk: TypeOnDisk
  readonly #connection: Connection
  readonly #type: ItemType
  #insertObject: Statement | undefined
  #insertRow: Statement | undefined
  #selectOne: Statement | undefined

  constructor(connection: Connection, type: ItemType, onDisk: TypeOnDisk) {
    this.#connection = connection
    this.#type = type
    this.onDisk = onDisk
    this.typeId = onDisk.typeId
  }

  /** Allots a storeID and writes it to `row[0]`. */
  insert(row: SqlRow): number {
    this.#insertObject ??= this.#connection.prepare('INSERT INTO axiom_objects (type_id) VALUES (?)')
    const allotted = this.#insertObject.run(this.typeId).lastInsertRowid as bigint
    const storeID = toStoreID(allotted)
    row[0] = allotted
    try {
      this.#write(row)
    } catch (error) {
      this.#takeBack(allotted)
      throw error
    }
    return storeID
  }

  /** Writes a row under a storeID that exists already, as an upgrade does. */
  insertAt(row: SqlRow): void {
    this.#write(row)
    this.#connection.prepare('UPDATE axiom_objects SET type_id = ? WHERE oid = ?').run(this.typeId, row[0] as bigint)
  }

  select(storeID: number): SqlRow | undefined {
    this.#selectOne ??= this.#connection.prepare(this.selectSql('WHERE oid = ?'))
    return this.#selectOne.get(storeID)
  }

  /** A statement for whole rows in the order that items hold them; `rest` is WHERE and what follows. */
  selectSql(rest: string): string {
    const names = this.#type.attributes.map(({ name }) => quoteName(name))
    return `SELECT ${['oid', ...names].join(', ')} FROM ${quoteName(this.onDisk.table)} ${rest}`
  }

  /** Writes the given positions of a row. */
  update(row: SqlRow, positions: Iterable<number>): void {
    const sorted = [...positions].sort((a, b) => a - b)
    const columns = sorted.map(position => `${quoteName(this.#columnAt(position))} = ?`)
    const statement = this.#connection.prepare(
      `UPDATE ${quoteName(this.onDisk.table)} SET ${columns.join(', ')} WHERE oid = ?`,
    )
    statement.run(...sorted.map(position => row[position] ?? null), row[0] ?? null)
  }

  /** Removes the row and leaves the tombstone that keeps its storeID from coming back (format section 1.4). */
  delete(storeID: number): void {
    this.#connection.prepare(`DELETE FROM ${quoteName(this.onDisk.table)} WHERE oid = ?`).run(storeID)
    this.#connection.prepare('UPDATE axiom_objects SET type_id = -1 WHERE oid = ?').run(storeID)
  }

  /** As `delete`, for many. */
  deleteAll(storeIDs: readonly number[]): void {
    const list = JSON.stringify(storeIDs)
    const these = 'oid IN (SELECT value FROM json_each(?))'
    this.#connection.prepare(`DELETE FROM ${quoteName(this.onDisk.table)} WHERE ${these}`).run(list)
    this.#connection.prepare(`UPDATE axiom_objects SET type_id = -1 WHERE ${these}`).run(list)
  }

  #write(row: SqlRow): void {
    this.#insertRow ??= this.#connection.prepare(this.#insertSql())
    this.#insertRow.run(...row)
  }

  /** Whoever catches the error may commit what else there is: no object may be left that has no row. */
  #takeBack(storeID: bigint): void {
    try {
      this.#connection.prepare('DELETE FROM axiom_objects WHERE oid = ?').run(storeID)
    } catch (error) {
      this.#connection.condemn(error)
    }
  }

  #columnAt(position: number): string {
    return this.#type.attributes[position - 1]?.name ?? ''
  }

  #insertSql(): string {
    const names = ['oid', ...this.#type.attributes.map(({ name }) => quoteName(name))]
    const places = names.map(() => '?').join(', ')
    return `INSERT INTO ${quoteName(this.onDisk.table)} (${names.join(', ')}) VALUES (${places})`
  }
}
