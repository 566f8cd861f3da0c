import type { Store } from '../../src/store-engine/store.js'

/** What made the tables and indexes of item types, on one line each, sorted. */
export function statementsOf(store: Store, ...typeNames: readonly string[]): string[] {
  const tables = store
    .typesOnDisk()
    .filter(({ typeName }) => typeNames.includes(typeName))
    .map(({ table }) => table)
  return tables
    .flatMap(table => store.sql.pluck<string>('SELECT sql FROM sqlite_master WHERE tbl_name = ?', table))
    .map(sql => sql.replace(/\s+/g, ' '))
    .sort()
}
