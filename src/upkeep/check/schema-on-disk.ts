import type { Connection } from '../../store-engine/database/connection.js'
import { quoteName } from '../../store-engine/database/sql-value.js'
import { tableName } from '../../store-engine/items/item-type.js'
import type { SchemaRow } from '../../transfer/copying/database-check.js'
import { groupBy } from './group-by.js'

/** An attribute as `axiom_attributes` describes it. */
export interface DescribedAttribute {
  readonly name: string
  readonly sqltype: string
  readonly indexed: boolean
}

/** One version of one type as `axiom_types` names it. */
export interface DescribedType {
  readonly typeId: number
  readonly typeName: string
  readonly version: number
  readonly attributes: readonly DescribedAttribute[]
}

/** The table of a type, which is there. */
export interface ItemTable {
  readonly typeName: string
  readonly version: number
  readonly table: string
  /** Several where the type is described twice. */
  readonly typeIds: readonly number[]
  readonly attributes: readonly DescribedAttribute[]
}

/** What a store says of its own shape. */
export interface StoreSchema {
  /** All of `sqlite_master`. */
  readonly master: readonly SchemaRow[]
  readonly types: readonly DescribedType[]
}

/** One statement, since most of the time goes into each. */
const EVERYTHING = `SELECT count(*), group_concat(sql, char(30)), 0, 0, 0 FROM sqlite_master
  UNION ALL SELECT oid, version, typename, 0, 0 FROM axiom_types
  UNION ALL SELECT type_id, row_offset, indexed, attribute, sqltype FROM axiom_attributes`

/**
 * A text that differs where schemas do. No honest schema holds the characters that part rows and fields, and with the
 * numbers of rows before them no other can pass for an honest one.
 *
 * @throws DamagedStoreError where the base tables are not what they should be.
 */
export function schemaText(connection: Connection): string {
  const rows = connection.prepare(EVERYTHING).all()
  return `${rows.length} ${rows.map(row => row.join('\x1f')).join('\x1e')}`
}

/** @throws DamagedStoreError where the base tables are not what they should be. */
export function readSchema(connection: Connection): StoreSchema {
  const master = connection
    .prepare('SELECT type, name, tbl_name, sql FROM sqlite_master')
    .all()
    .map(([type, name, table, sql]) => ({
      type: String(type),
      name: String(name),
      table: String(table),
      sql: sql === null ? null : String(sql),
    }))
  return { master, types: readTypes(connection) }
}

function readTypes(connection: Connection): readonly DescribedType[] {
  const attributes = connection
    .prepare('SELECT type_id, attribute, sqltype, indexed FROM axiom_attributes ORDER BY type_id, row_offset')
    .all()
  const byType = groupBy(attributes, ([typeId]) => Number(typeId))
  const types = connection.prepare('SELECT oid, typename, version FROM axiom_types ORDER BY oid').all()
  return types.map(([typeId, typeName, version]) => ({
    typeId: Number(typeId),
    typeName: String(typeName),
    version: Number(version),
    attributes: (byType.get(Number(typeId)) ?? []).map(([, name, sqltype, indexed]) => ({
      name: String(name),
      sqltype: String(sqltype),
      indexed: Number(indexed) === 1,
    })),
  }))
}

/** The base tables that the store lacks; none in a sound one. */
export function missingBaseTables(connection: Connection): readonly string[] {
  const present = connection
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'axiom_%'")
    .all()
    .map(([name]) => name)
  return ['axiom_attributes', 'axiom_objects', 'axiom_types'].filter(name => !present.includes(name))
}

/** Names of tables, as written. */
export function tableNames({ master }: Pick<StoreSchema, 'master'>): readonly string[] {
  return master.flatMap(({ type, name }) => (type === 'table' ? [name] : []))
}

/** The described types that have their table, twins as one. */
export function itemTables(schema: StoreSchema): readonly ItemTable[] {
  const present = new Set(tableNames(schema).map(name => name.toLowerCase()))
  const described = groupBy(schema.types, ({ typeName, version }) => tableName(typeName, version).toLowerCase())
  return [...described].flatMap(([key, twins]) => {
    const [first] = twins
    if (first === undefined || !present.has(key)) return []
    const { typeName, version, attributes } = first
    const table = tableName(typeName, version)
    return [{ typeName, version, attributes, table, typeIds: twins.map(({ typeId }) => typeId) }]
  })
}

/** Terms of one compound SELECT; SQLite takes 500. */
export const TERMS = 400

/** An SQL condition: one of the tables has a row with that storeID. */
export function existsIn(tables: readonly ItemTable[], storeID: string): string {
  const parts: string[] = []
  for (let from = 0; from < tables.length; from += TERMS) {
    const selects = tables
      .slice(from, from + TERMS)
      .map(({ table }) => `SELECT 1 FROM ${quoteName(table)} WHERE oid = ${storeID}`)
    parts.push(`EXISTS (${selects.join(' UNION ALL ')})`)
  }
  return parts.length === 0 ? '0' : `(${parts.join(' OR ')})`
}
