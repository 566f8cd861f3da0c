import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'

/** Every row of the stores at and below a directory as bare SQLite has it, by `store table rowid`. */
export function rawRowsBelow(root: string): ReadonlyMap<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('db.sqlite'))
  return new Map(files.sort().flatMap(file => rowsOf(join(root, file), dirname(file))))
}

/** Tables of the toolkit and of SQLite are left out, and so is `oid`, which is the rowid whether or not it is a column. */
function rowsOf(path: string, store: string): [string, string][] {
  const database = new Database(path, { readonly: true })
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]
  const rows = tables
    .filter(table => !/^(sqlite|mantissa)_/.test(table))
    .flatMap(table =>
      database
        .prepare(`SELECT rowid AS "the row", * FROM "${table}"`)
        .safeIntegers()
        .all()
        .map(row => keyed(`${store} ${table}`, row as Record<string, unknown>)),
    )
  database.close()
  return rows
}

function keyed(table: string, { 'the row': id, oid: _, ...values }: Record<string, unknown>): [string, string] {
  const text = JSON.stringify(values, (_key, value) => (typeof value === 'bigint' ? `${value}` : value))
  return [`${table} ${id}`, text]
}

/**
 * What differs between two dumps, as lines: `- table rowid` for what is gone, `+` for what is new, `~` for another value,
 * consecutive rowids as `3-5`, the store before the table where it is not the one on top. Descriptions of types
 * (axiom_types, axiom_attributes) may be added, which is not told.
 */
export function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const groups = new Map<string, number[]>()
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const sign = signOf(key, before.get(key), after.get(key))
    const [, place = '', id] = /^(?:\. )?(.*) (\d+)$/.exec(key) ?? []
    if (sign !== undefined) groups.set(`${sign} ${place}`, [...(groups.get(`${sign} ${place}`) ?? []), Number(id)])
  }
  return [...groups].map(([name, ids]) => `${name} ${inRanges(ids)}`).sort()
}

function signOf(key: string, old: string | undefined, now: string | undefined): '-' | '+' | '~' | undefined {
  if (old === now) return undefined
  if (old === undefined) return / axiom_(types|attributes) /.test(key) ? undefined : '+'
  return now === undefined ? '-' : '~'
}

function inRanges(ids: readonly number[]): string {
  const sorted = [...ids].sort((a, b) => a - b)
  const starts = sorted.filter(id => !ids.includes(id - 1))
  const ends = sorted.filter(id => !ids.includes(id + 1))
  return starts.map((start, index) => (start === ends[index] ? `${start}` : `${start}-${ends[index]}`)).join(' ')
}
