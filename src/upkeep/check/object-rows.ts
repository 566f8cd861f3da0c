/**
 * Whether the objects, which allot storeIDs, and the rows of the item tables agree: every row has its object, of its
 * own type, and every object that is not deleted has its row (format section 1.4).
 */
import type { Connection } from '../../store-engine/database/connection.js'
import { quoteName } from '../../store-engine/database/sql-value.js'
import type { Fault } from './finding.js'
import type { Probe } from './probe.js'
import { existsIn, type ItemTable, TERMS } from './schema-on-disk.js'
import { counted, someOf } from './wording.js'

/** Storeids named in a message come from so many; counts are of all. */
const SAMPLE = 4

/** @param typeIds - of all described types, those without a table included. */
export function objectProbes(tables: readonly ItemTable[], typeIds: readonly number[]): readonly Probe[] {
  const look = (connection: Connection) => [
    ...tables.flatMap(table => faultsOf(connection, table, tables)),
    ...objectsOfNoType(connection, typeIds),
  ]
  return [
    ...tables.map(table => ({ look, condition: hasStrangeRow(table) })),
    // Where every row has its object, equal numbers mean that every object has its row.
    { look, condition: `(SELECT count(*) FROM axiom_objects WHERE type_id <> -1) <> ${sumOfRows(tables)}` },
  ]
}

/** Two short questions first: those that look into all other tables are long. */
function faultsOf(connection: Connection, table: ItemTable, all: readonly ItemTable[]): Fault[] {
  const is = (condition: string) => Number(connection.prepare(`SELECT ${condition}`).get()?.[0]) !== 0
  const faults: Fault[] = []
  if (is(`EXISTS (SELECT 1 FROM axiom_objects AS o WHERE ${lacksItsRow(table)})`))
    faults.push(...objectsWithoutItem(connection, table, all))
  if (is(hasStrangeRow(table)))
    faults.push(
      ...itemsWithoutObject(connection, table, all),
      ...itemsInTwoTables(connection, table, all),
      ...itemsUnderOtherType(connection, table, all),
    )
  return faults
}

function hasStrangeRow(table: ItemTable): string {
  return `EXISTS (SELECT 1 FROM ${quoteName(table.table)} AS t WHERE NOT ${hasItsObject(table)})`
}

/** What the original leaves behind when it deletes by query; such a storeID reads as deleted. */
function objectsWithoutItem(connection: Connection, table: ItemTable, all: readonly ItemTable[]): Fault[] {
  return faultFor(connection, `axiom_objects AS o WHERE ${orphanedObjects(table, all)}`, ids => ({
    code: 'OBJECT_WITHOUT_ITEM',
    message: `${ids} of type ${table.typeName} version ${table.version} without a row, as of deleted items`,
    repair: 'mark them as deleted',
  }))
}

function itemsWithoutObject(connection: Connection, table: ItemTable, all: readonly ItemTable[]): Fault[] {
  return faultFor(connection, `${quoteName(table.table)} AS t WHERE ${rowsWithoutObject(table, all)}`, ids => ({
    code: 'ITEM_WITHOUT_OBJECT',
    message: `${ids} of type ${table.typeName} version ${table.version} that no object stands for: they cannot be loaded`,
    repair: 'put their objects back',
  }))
}

/** Told for the table that the object does not name; where there is no object, for the later one. */
function itemsInTwoTables(connection: Connection, table: ItemTable, all: readonly ItemTable[]): Fault[] {
  const isNamed = `NOT ${hasItsObject(table)}`
  const earlier = all.slice(0, all.indexOf(table))
  const isSecond = `(${isNamed} AND ${hasSomeObject()} AND ${existsIn(others(all, table), 't.oid')})`
  const isLater = `(NOT ${hasSomeObject()} AND ${existsIn(earlier, 't.oid')})`
  return faultFor(connection, `${quoteName(table.table)} AS t WHERE ${isSecond} OR ${isLater}`, ids => ({
    code: 'ITEM_IN_TWO_TABLES',
    message: `${ids} with a row of type ${table.typeName} version ${table.version} and one of another type`,
  }))
}

function itemsUnderOtherType(connection: Connection, table: ItemTable, all: readonly ItemTable[]): Fault[] {
  const where = `NOT ${hasItsObject(table)} AND ${hasSomeObject()} AND NOT ${existsIn(others(all, table), 't.oid')}`
  return faultFor(connection, `${quoteName(table.table)} AS t WHERE ${where}`, ids => ({
    code: 'ITEM_UNDER_OTHER_TYPE',
    message: `${ids} with a row of type ${table.typeName} version ${table.version} whose object says that it is another, or deleted`,
  }))
}

function objectsOfNoType(connection: Connection, typeIds: readonly number[]): Fault[] {
  return faultFor(connection, `axiom_objects WHERE ${ofNoType(typeIds)}`, ids => ({
    code: 'OBJECT_OF_NO_TYPE',
    message: `${ids} of a type that the store does not know`,
  }))
}

function faultFor(connection: Connection, from: string, describe: (ids: string) => Fault): Fault[] {
  const count = Number(connection.prepare(`SELECT count(*) FROM ${from}`).get()?.[0] ?? 0)
  if (count === 0) return []
  const rows = connection.prepare(`SELECT oid FROM ${from} ORDER BY oid LIMIT ${SAMPLE}`).all()
  const sample = rows.map(([storeID]) => storeID)
  return [describe(`${counted(count, 'storeID')} (${someOf(sample)})`)]
}

/** In parts, since an expression of SQLite may be a thousand terms deep only. */
function sumOfRows(tables: readonly ItemTable[]): string {
  const counts = tables.map(({ table }) => `(SELECT count(*) FROM ${quoteName(table)})`)
  const parts: string[] = []
  for (let from = 0; from < counts.length; from += TERMS)
    parts.push(`(SELECT ${counts.slice(from, from + TERMS).join(' + ')})`)
  return parts.length === 0 ? '0' : `(${parts.join(' + ')})`
}

/** Objects of the type, `o`, that have no row in any table. */
export function orphanedObjects(table: ItemTable, all: readonly ItemTable[]): string {
  return `${lacksItsRow(table)} AND NOT ${existsIn(others(all, table), 'o.oid')}`
}

/** Rows of the table, `t`, that no object stands for and no other table holds. */
export function rowsWithoutObject(table: ItemTable, all: readonly ItemTable[]): string {
  return `NOT ${hasSomeObject()} AND NOT ${existsIn(others(all, table), 't.oid')}`
}

function lacksItsRow({ table, typeIds }: ItemTable): string {
  return `o.type_id IN (${typeIds.join(', ')}) AND NOT EXISTS (SELECT 1 FROM ${quoteName(table)} WHERE oid = o.oid)`
}

function hasItsObject({ typeIds }: ItemTable): string {
  return `EXISTS (SELECT 1 FROM axiom_objects WHERE oid = t.oid AND type_id IN (${typeIds.join(', ')}))`
}

function hasSomeObject(): string {
  return 'EXISTS (SELECT 1 FROM axiom_objects WHERE oid = t.oid)'
}

function ofNoType(typeIds: readonly number[]): string {
  return `type_id NOT IN (${[-1, ...typeIds].join(', ')})`
}

function others(all: readonly ItemTable[], table: ItemTable): readonly ItemTable[] {
  return all.filter(other => other !== table)
}
