/** Reads a store without any code of ours: bare better-sqlite3, `fs`, and what the format says. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Calls `look` with a connection of its own. */
export function withDatabase(directory, look) {
  const database = new Database(join(directory, 'db.sqlite'), { fileMustExist: true })
  database.defaultSafeIntegers(true)
  try {
    return look(database)
  } finally {
    database.close()
  }
}

/** Fails unless SQLite finds the file whole and every living object has exactly its one row. */
export function assertWhole(database) {
  assert.deepEqual(database.pragma('integrity_check', { simple: true }), 'ok')
  const alive = database.prepare('SELECT oid, type_id FROM axiom_objects WHERE type_id <> -1 ORDER BY oid').raw().all()
  const rows = database
    .prepare('SELECT oid, typename, version FROM axiom_types')
    .raw()
    .all()
    .flatMap(([typeId, name, version]) =>
      database.prepare(`SELECT oid, ${typeId} FROM "item_${name}_v${version}"`).raw().all(),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
  assert.deepEqual(rows, alive, 'objects without rows, or rows without objects')
}

/** Everything that a store holds, as text: rows of all tables, and files. */
export function describeStore(directory) {
  const rows = withDatabase(directory, database => {
    assertWhole(database)
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all()
    return tables.map(name => [name, database.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`).raw().all()])
  })
  return JSON.stringify([...rows, filesOf(directory)], (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
}

function filesOf(directory) {
  return readdirSync(join(directory, 'files'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), 'utf8')])
    .sort()
}
