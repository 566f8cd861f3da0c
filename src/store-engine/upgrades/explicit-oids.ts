/**
 * Stores from before Axiom 0.8 have no `oid` columns: a storeID is SQLite's implicit rowid, which VACUUM may renumber.
 * Here such tables become what Axiom 0.9 writes, with the same numbers (format section 1.7).
 *
 * Unlike the original this needs no code of any type and converts every version's table. Each table is moved aside,
 * made anew, filled and dropped, all tables of a store in one transaction: before its commit the old format is whole.
 * Indexes are made anew under their names of today. Tables that are no items' stay as they are.
 */
import type { Connection } from '../database/connection.js'
import { quoteName } from '../database/sql-value.js'
import { DamagedStoreError } from '../errors.js'
import { isIdentifier } from '../items/item-type.js'
import { BASE_TABLES, indexSql, itemTableSql, type TypeOnDisk } from '../schema/schema.js'
import type { Store } from '../store.js'

/** As sections 1.3 and 1.5 of the format have them. */
const SQL_TYPES = /^(INTEGER|REAL|BLOB|BOOLEAN|TEXT|TEXT COLLATE NOCASE)$/

/** Tables that have no explicit oid yet: of items, and below them. */
export function tablesWithoutOid(store: Store): readonly string[] {
  const { connection } = store.engine
  const items = store.typesOnDisk().map(({ table }) => table)
  const without = ['axiom_types', 'axiom_objects', ...items].filter(table => lacksOid(connection, table))
  // Rows of this one have no number that anything refers to; it takes the form of today with the others.
  return without.includes('axiom_objects') ? [...without, 'axiom_attributes'] : without
}

/** Names of the implicit number; a column that is called so hides it. */
const ROWID = /^(rowid|oid|_rowid_)$/i

/**
 * Gives every table its oid column; VACUUM is safe afterwards. Returns how many tables it rewrote; 0 where nothing was
 * to be done. Needs room for the store once more.
 * @throws DamagedStoreError where a table is not what the store says of it; nothing is changed.
 */
export function upgradeExplicitOid(store: Store): number {
  if (tablesWithoutOid(store).length === 0) return 0
  const { connection, tables } = store.engine
  // Else SQLite would write the name of the table that is moved aside into the declared foreign key.
  connection.execute('PRAGMA legacy_alter_table = ON')
  try {
    return store.transact(() => {
      const todo = tablesWithoutOid(store)
      convertBase(connection, todo)
      for (const type of store.typesOnDisk()) if (todo.includes(type.table)) convertItems(connection, type)
      tables.forget()
      return todo.length
    })
  } finally {
    connection.execute('PRAGMA legacy_alter_table = OFF')
  }
}

function convertBase(connection: Connection, todo: readonly string[]): void {
  for (const [table, sql] of Object.entries(BASE_TABLES)) {
    if (!todo.includes(table)) continue
    const columns = columnsOf(connection, table)
    moveAside(connection, table)
    connection.execute(sql)
    takeBack(connection, table, { number: table === 'axiom_attributes' ? 'rowid' : 'oid', columns })
  }
}

function convertItems(connection: Connection, type: TypeOnDisk): void {
  assertAsDescribed(connection, type)
  const { table, attributes } = type
  const indexes = indexStatements(connection, type)
  moveAside(connection, table)
  connection.execute(itemTableSql(table, attributes))
  takeBack(connection, table, { number: 'oid', columns: attributes.map(({ name }) => name) })
  for (const sql of indexes) connection.prepare(sql).run()
}

/** Names from the file become SQL here, so each must be one that Axiom could have written, over the columns it says. */
function assertAsDescribed(connection: Connection, { typeName, table, attributes }: TypeOnDisk): void {
  const actual = connection.prepare('SELECT name, type FROM pragma_table_info(?)').all(table)
  const columns = attributes.map(({ name, sqltype }) => `${name} ${sqltype.replace(' COLLATE NOCASE', '')}`)
  const isSound =
    isIdentifier(typeName) &&
    actual
      .map(column => column.join(' '))
      .sort()
      .join() === columns.sort().join() &&
    attributes.every(({ name, sqltype }) => isIdentifier(name) && !ROWID.test(name) && SQL_TYPES.test(sqltype))
  if (isSound) return
  const where = connection.directory ?? 'the store in memory'
  throw new DamagedStoreError(`${where}: the table ${table} is not as the store describes it`)
}

/**
 * What makes the table's indexes anew: Axiom's, of whichever name, once for the same columns and under today's name, with
 * those that the type declares; others as they are.
 */
function indexStatements(connection: Connection, type: TypeOnDisk): readonly string[] {
  const all = connection.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?")
  const [ours, others] = [new Map<string, readonly string[]>(), [] as string[]]
  for (const { name, indexed } of type.attributes) if (indexed) ours.set(name, [name])
  for (const [name, sql] of all.all(type.table)) {
    const columns = indexedColumns(connection, String(name))
    const isOurs = String(name).startsWith('axiomidx_') && columns.every(isIdentifier)
    if (isOurs) ours.set(columns.join('_'), columns)
    else if (sql !== null) others.push(String(sql))
  }
  return [...[...ours.values()].map(columns => indexSql(type, columns)), ...others]
}

function indexedColumns(connection: Connection, index: string): readonly string[] {
  const columns = connection.prepare('SELECT name FROM pragma_index_info(?) ORDER BY seqno').all(index)
  return columns.map(([name]) => String(name ?? ''))
}

function lacksOid(connection: Connection, table: string): boolean {
  const columns = columnsOf(connection, table)
  return columns.length > 0 && !columns.includes('oid')
}

function columnsOf(connection: Connection, table: string): string[] {
  return connection
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(([name]) => String(name))
}

const ASIDE = 'mantissa_aside_'

function moveAside(connection: Connection, table: string): void {
  connection.execute(`ALTER TABLE ${quoteName(table)} RENAME TO ${quoteName(ASIDE + table)}`)
  const indexes = connection
    .prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
    .all(ASIDE + table)
  for (const [name] of indexes) connection.execute(`DROP INDEX ${quoteName(String(name))}`)
}

interface Copied {
  /** What the new table calls the number of a row. */
  readonly number: 'oid' | 'rowid'
  readonly columns: readonly string[]
}

function takeBack(connection: Connection, table: string, { number, columns }: Copied): void {
  const names = columns.map(quoteName)
  connection.execute(
    `INSERT INTO ${quoteName(table)} (${[number, ...names].join(', ')})
     SELECT ${['rowid', ...names].join(', ')} FROM ${quoteName(ASIDE + table)} ORDER BY rowid`,
  )
  connection.execute(`DROP TABLE ${quoteName(ASIDE + table)}`)
}
