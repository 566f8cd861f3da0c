import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { HISTORIC, hasHistoricFixtures } from '../support/historic-fixtures.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

/** Stores of the years 2005 to 2010; none where they are absent, since they are not part of the project. */
export const archives = hasHistoricFixtures ? readdirSync(HISTORIC).filter(name => name.endsWith('.tar.gz')) : []

/** Directories of the store in the archive and of those below it. */
export function unpack(archive: string): string[] {
  const directory = temporaryDirectory()
  execFileSync('tar', ['-xzf', join(HISTORIC, archive), '-C', directory, '--no-same-owner'])
  const all = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return all.filter(name => name.endsWith('db.sqlite')).map(name => join(directory, dirname(name)))
}

export const hashOf = (directory: string) =>
  createHash('sha256')
    .update(readFileSync(join(directory, 'db.sqlite')))
    .digest('hex')

/** Every row of every table as bare SQLite has it, keyed by table and rowid. */
export function rawRows(directory: string): Map<string, unknown> {
  const database = new Database(join(directory, 'db.sqlite'), { readonly: true })
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all()
  const rows = tables.flatMap(table =>
    database
      .prepare(`SELECT rowid AS id, * FROM "${table}"`)
      .safeIntegers()
      .all()
      .map(row => [`${table} ${(row as { id: bigint }).id}`, row] as const),
  )
  database.close()
  return new Map(rows)
}

export function onlyIn(one: Map<string, unknown>, other: Map<string, unknown>): string[] {
  return [...one.keys()].filter(key => JSON.stringify(one.get(key), asText) !== JSON.stringify(other.get(key), asText))
}

const asText = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
