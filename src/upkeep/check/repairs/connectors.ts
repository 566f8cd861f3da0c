import { quoteName } from '../../../store-engine/database/sql-value.js'
import { connectorKinds } from '../reference-rows.js'
import { itemTables, readSchema } from '../schema-on-disk.js'
import { withStore } from './open-repaired.js'
import type { Repair } from './repair-kind.js'

/** Deletes connectors that connect nothing, as items are deleted. */
export const removeLooseConnectors: Repair = (site, { code }, directory) =>
  withStore(site, directory, store =>
    store.transact(() => {
      const { connection } = store.engine
      const kind = connectorKinds(itemTables(readSchema(connection))).find(each => each.code === code)
      if (kind === undefined) return 'gone'
      const table = quoteName(kind.table)
      const loose = connection.prepare(`SELECT t.oid FROM ${table} AS t WHERE ${kind.isLoose}`).all()
      const removeRow = connection.prepare(`DELETE FROM ${table} WHERE oid = ?`)
      const markObject = connection.prepare('UPDATE axiom_objects SET type_id = -1 WHERE oid = ?')
      for (const [storeID = null] of loose) {
        removeRow.run(storeID)
        markObject.run(storeID)
      }
      return loose.length > 0 ? 'done' : 'gone'
    }),
  )
