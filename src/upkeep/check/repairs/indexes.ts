import { missingIndexes } from '../missing-indexes.js'
import { readSchema } from '../schema-on-disk.js'
import { withStore } from './open-repaired.js'
import type { Repair } from './repair-kind.js'

/** Makes every index that is missing, whichever of them was found. */
export const makeMissingIndexes: Repair = (site, _finding, directory) =>
  withStore(site, directory, store =>
    store.transact(() => {
      const { connection } = store.engine
      const missing = missingIndexes(connection, readSchema(connection))
      for (const { sql } of missing) connection.execute(sql)
      return missing.length > 0 ? 'done' : 'gone'
    }),
  )
