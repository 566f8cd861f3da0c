/**
 * Whether a store's description of itself, its tables and the code agree. Everything here depends on the schema alone,
 * which thousands of stores have in common.
 */
import type { Connection } from '../../store-engine/database/connection.js'
import { quoteName } from '../../store-engine/database/sql-value.js'
import { tableName } from '../../store-engine/items/item-type.js'
import { findItemClass } from '../../store-engine/items/registry.js'
import { kindOfCode } from '../../transfer/copying/database-check.js'
import type { Fault } from './finding.js'
import { groupBy } from './group-by.js'
import { missingIndexes } from './missing-indexes.js'
import { type DescribedType, type StoreSchema, tableNames } from './schema-on-disk.js'
import { someOf } from './wording.js'

export function schemaFaults(connection: Connection, schema: StoreSchema): readonly Fault[] {
  const { types } = schema
  const tables = new Set(tableNames(schema).map(name => name.toLowerCase()))
  const hasTable = ({ typeName, version }: DescribedType) => tables.has(tableName(typeName, version).toLowerCase())
  return [
    ...foreignSchema(schema),
    ...oldFormat(connection, schema, types.filter(hasTable)),
    ...types.filter(type => !hasTable(type)).map(typeWithoutTable),
    ...tablesWithoutType(schema),
    ...duplicates(types),
    ...types.filter(hasTable).flatMap(type => differentColumns(connection, type)),
    ...types.flatMap(differentFromCode),
    ...indexFaults(connection, schema),
  ]
}

function foreignSchema(schema: StoreSchema): Fault[] {
  return schema.master.flatMap(row => {
    const kind = kindOfCode(row)
    if (kind === undefined) return []
    const message = `the database holds a ${kind}, ${JSON.stringify(row.name)}, which would run at the next write`
    return [{ code: 'FOREIGN_SCHEMA' as const, message }]
  })
}

/** Before Axiom 0.8 tables had no `oid` column of their own. */
function oldFormat(connection: Connection, schema: StoreSchema, types: readonly DescribedType[]): Fault[] {
  const isItem = new Set(types.map(({ typeName, version }) => tableName(typeName, version).toLowerCase()))
  const old = tableNames(schema).flatMap(name => {
    const holdsIds = name === 'axiom_objects' || name === 'axiom_types' || isItem.has(name.toLowerCase())
    if (!holdsIds) return []
    return columnsOf(connection, name).some(column => column.name.toLowerCase() === 'oid') ? [] : [name]
  })
  if (old.length === 0) return []
  const message = `tables without a column for the storeID, as Axiom made them before 0.8: ${someOf(old)}`
  return [{ code: 'OLD_FORMAT', message }]
}

function typeWithoutTable({ typeName, version }: DescribedType): Fault {
  const message = `the type ${typeName} version ${version} is described, and its table is not there`
  return { code: 'TYPE_WITHOUT_TABLE', message }
}

function tablesWithoutType(schema: StoreSchema): Fault[] {
  const known = new Set(schema.types.map(({ typeName, version }) => tableName(typeName, version).toLowerCase()))
  return tableNames(schema).flatMap(name => {
    if (!/^item_.*_v\d+$/i.test(name) || known.has(name.toLowerCase())) return []
    return [
      { code: 'TABLE_WITHOUT_TYPE' as const, message: `the table ${name} belongs to no type that the store knows` },
    ]
  })
}

function duplicates(types: readonly DescribedType[]): Fault[] {
  const byTable = groupBy(types, ({ typeName, version }) => tableName(typeName, version).toLowerCase())
  return [...byTable.values()].flatMap(([type, ...twins]) => {
    if (type === undefined || twins.length === 0) return []
    const ids = [type, ...twins].map(({ typeId }) => typeId)
    const message = `the type ${type.typeName} version ${type.version} is described ${ids.length} times: ${someOf(ids)}`
    return [{ code: 'DUPLICATE_TYPE' as const, message }]
  })
}

interface Column {
  readonly name: string
  readonly type: string
}

function columnsOf(connection: Connection, table: string): readonly Column[] {
  const rows = connection.prepare(`PRAGMA table_info(${quoteName(table)})`).all()
  return rows.map(([, name, type]) => ({ name: String(name), type: String(type) }))
}

function differentColumns(connection: Connection, { typeName, version, attributes }: DescribedType): Fault[] {
  const actual = columnsOf(connection, tableName(typeName, version))
    .filter(({ name }) => name.toLowerCase() !== 'oid')
    .map(({ name, type }) => `${name} ${type.toUpperCase()}`)
  const described = attributes.map(({ name, sqltype }) => `${name} ${declaredType(sqltype)}`)
  const difference = differenceOf(described, actual)
  if (difference === undefined) return []
  const message = `the table of ${typeName} version ${version} is not as described: ${difference}`
  return [{ code: 'COLUMNS_DIFFER', message }]
}

/** As `table_info` tells it: without the collation. */
function declaredType(sqltype: string): string {
  return sqltype.replace(/\s+COLLATE\s.*$/i, '').toUpperCase()
}

/** What the engine would refuse, or leave alone, when it opens the store. */
function differentFromCode({ typeName, version, attributes }: DescribedType): Fault[] {
  const itemType = findItemClass(typeName)?.itemType
  if (itemType === undefined || version < itemType.version) return []
  if (version > itemType.version) {
    const message = `${typeName} has version ${version}, and this software knows version ${itemType.version}`
    return [{ code: 'STORE_TOO_NEW', message }]
  }
  const disk = attributes.map(({ name, sqltype }) => `${name} ${sqltype}`)
  const code = itemType.attributes.map(({ name, attribute }) => `${name} ${attribute.sqltype}`)
  const difference = differenceOf(code, disk)
  if (difference === undefined) return []
  const message = `${typeName} version ${version} is not what this software knows by that name: ${difference}`
  return [{ code: 'SCHEMA_MISMATCH', message }]
}

function differenceOf(wanted: readonly string[], found: readonly string[]): string | undefined {
  const missing = wanted.filter(each => !found.includes(each))
  const strange = found.filter(each => !wanted.includes(each))
  if (missing.length + strange.length === 0) return undefined
  const parts = [
    missing.length > 0 ? `lacks ${someOf(missing)}` : '',
    strange.length > 0 ? `has ${someOf(strange)}` : '',
  ]
  return parts.filter(Boolean).join('; ')
}

function indexFaults(connection: Connection, schema: StoreSchema): Fault[] {
  const missing = missingIndexes(connection, schema)
  const base = missing.filter(({ isBase }) => isBase)
  const names = missing.filter(({ isBase }) => !isBase).map(({ name }) => name)
  const repair = 'make what is missing'
  return [
    ...base.map(({ name }) => ({
      code: 'BASE_INDEX_MISSING' as const,
      message: `the index ${name} is missing, so that looking for items of a type reads all of them`,
      repair,
    })),
    ...(names.length === 0
      ? []
      : [{ code: 'INDEX_MISSING' as const, message: `indexes are missing: ${someOf(names)}`, repair }]),
  ]
}
