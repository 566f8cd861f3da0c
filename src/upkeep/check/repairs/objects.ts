import type { Connection } from '../../../store-engine/database/connection.js'
import { quoteName } from '../../../store-engine/database/sql-value.js'
import { orphanedObjects, rowsWithoutObject } from '../object-rows.js'
import { type ItemTable, itemTables, readSchema } from '../schema-on-disk.js'
import { withStore } from './open-repaired.js'
import type { Repair } from './repair-kind.js'

/** Objects without a row become what the deletion of an item leaves (format section 1.4): their storeIDs stay taken. */
export const markDeleted = repairTables((table, all) => {
  return `UPDATE axiom_objects AS o SET type_id = -1 WHERE ${orphanedObjects(table, all)}`
})

/** Rows without an object get one again, under the storeID that they have. */
export const putObjectsBack = repairTables((table, all) => {
  const rows = `SELECT t.oid, ${table.typeIds[0]} FROM ${quoteName(table.table)} AS t WHERE ${rowsWithoutObject(table, all)}`
  return `INSERT INTO axiom_objects (oid, type_id) ${rows}`
})

type StatementFor = (table: ItemTable, all: readonly ItemTable[]) => string

/** One statement for each table, all in one transaction. Old tables without an `oid` column have it as a name all the same. */
function repairTables(statementFor: StatementFor): Repair {
  return (site, _finding, directory) =>
    withStore(site, directory, store =>
      store.transact(() => {
        const { connection } = store.engine
        const tables = itemTables(readSchema(connection))
        const changed = tables.map(table => run(connection, statementFor(table, tables)))
        return changed.some(Boolean) ? 'done' : 'gone'
      }),
    )
}

function run(connection: Connection, sql: string): boolean {
  return connection.prepare(sql).run().changes > 0
}
