import { join } from 'node:path'
import Database from 'better-sqlite3'

/** What every connection of the engine sets, and rows by position as it reads them. */
export function openBare(directory) {
  const database = new Database(join(directory, 'db.sqlite'), { fileMustExist: true, timeout: 5000 })
  database.defaultSafeIntegers(true)
  database.pragma('foreign_keys = OFF')
  database.pragma('trusted_schema = OFF')
  database.pragma('synchronous = FULL')
  return database
}

/** What must be read to know the types of a store. */
export function readBareSchema(database) {
  const all = sql => database.prepare(sql).raw().all()
  all('SELECT name, type FROM sqlite_master')
  all('SELECT oid, typename, module, version FROM axiom_types')
  return all(
    'SELECT type_id, row_offset, attribute, sqltype, indexed, allow_none, pythontype, docstring FROM axiom_attributes',
  )
}
