import type { Connection } from '../../store-engine/database/connection.js'
import { quoteName } from '../../store-engine/database/sql-value.js'
import { findItemClass } from '../../store-engine/items/registry.js'
import { groupBy } from './group-by.js'
import { type ItemTable, itemTables, type StoreSchema } from './schema-on-disk.js'

export interface MissingIndex {
  readonly name: string
  /** The statement that makes it, as the original writes it. */
  readonly sql: string
  /** On the objects, which every store has. */
  readonly isBase: boolean
}

/** Indexes that the store's description or the code demands and that no index, by whatever name, stands for. */
export function missingIndexes(connection: Connection, schema: StoreSchema): readonly MissingIndex[] {
  return [...missingBaseIndex(connection), ...itemTables(schema).flatMap(table => missingOf(connection, table))]
}

function missingBaseIndex(connection: Connection): MissingIndex[] {
  if (indexedColumns(connection, 'axiom_objects').has('type_id')) return []
  const sql = `CREATE INDEX "axiom_objects_type_idx"\n    ON "axiom_objects"("type_id")`
  return [{ name: 'axiom_objects_type_idx', sql, isBase: true }]
}

function missingOf(connection: Connection, type: ItemTable): MissingIndex[] {
  const present = indexedColumns(connection, type.table)
  const wanted = new Map(wantedIndexes(type).map(columns => [columns.join('\0').toLowerCase(), columns]))
  return [...wanted].flatMap(([key, columns]) => {
    if (present.has(key)) return []
    const name = `axiomidx_${type.typeName}_v${type.version}_${columns.join('_')}`
    const list = columns.map(column => `[${column}]`).join(', ')
    return [{ name, sql: `CREATE INDEX ${quoteName(name)} ON ${quoteName(type.table)}(${list})`, isBase: false }]
  })
}

/** Only of columns that can be written in brackets; no author can name others. */
function wantedIndexes({ typeName, version, attributes }: ItemTable): readonly (readonly string[])[] {
  const described = attributes.filter(({ indexed }) => indexed).map(({ name }) => [name])
  const itemType = findItemClass(typeName)?.itemType
  const coded = itemType?.version === version ? itemType.indexes : []
  const columns = new Set(attributes.map(({ name }) => name))
  return [...described, ...coded].filter(index => index.every(name => columns.has(name) && /^\w+$/.test(name)))
}

/** The columns of each index of a table, parted by NUL and lowered. */
function indexedColumns(connection: Connection, table: string): ReadonlySet<string> {
  const rows = connection
    .prepare(
      `SELECT list.name, info.name FROM pragma_index_list(?) AS list, pragma_index_info(list.name) AS info
        WHERE list.partial = 0 ORDER BY list.name, info.seqno`,
    )
    .all(table)
  const byIndex = groupBy(rows, ([index]) => String(index))
  return new Set([...byIndex.values()].map(index => index.map(([, column]) => String(column).toLowerCase()).join('\0')))
}
