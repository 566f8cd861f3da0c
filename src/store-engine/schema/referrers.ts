import type { Connection } from '../database/connection.js'
import { quoteName, toStoreID } from '../database/sql-value.js'
import type { TypeOnDisk } from './schema.js'

/** An item that refers to another one, by which of its attributes. */
export interface Referrer {
  readonly type: TypeOnDisk
  readonly attribute: string
  readonly storeID: number
}

/** Everything that refers to a storeID, whether or not its code is loaded; by type, attribute and storeID. */
export function* referrers(connection: Connection, types: readonly TypeOnDisk[], storeID: number): Generator<Referrer> {
  for (const type of types) {
    for (const { name, kind } of type.attributes) {
      if (kind !== 'reference') continue
      const where = `WHERE ${quoteName(name)} = ? ORDER BY oid`
      const rows = connection.prepare(`SELECT oid FROM ${quoteName(type.table)} ${where}`).all(BigInt(storeID))
      for (const [oid] of rows) yield { type, attribute: name, storeID: toStoreID(oid) }
    }
  }
}
