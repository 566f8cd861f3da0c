import { createHash } from 'node:crypto'
import { IntegrityError } from '../../base/errors.js'
import type { JsonObject } from '../../base/json.js'
import { quoteName } from '../../store-engine/database/sql-value.js'
import { checkImage } from '../../store-engine/images/check-image.js'
import type { Store } from '../../store-engine/store.js'
import type { ManifestItemType } from '../archive/manifest.js'

/** The plain tables of a user store that belong to where it lies, not to its user. */
const OWN_TABLES = ['mantissa_fence']

/** The database is damaged; nothing was admitted. */
export class UnfitDatabaseError extends IntegrityError {
  constructor(message: string, details: JsonObject = {}) {
    super(message, {
      code: 'STORE_DAMAGED',
      hint: 'restore the store from a backup or an older archive; it was not admitted',
      details,
    })
  }
}

/** The schema holds what no item store has, and what would run by itself; nothing was admitted. */
export class ForeignSchemaError extends IntegrityError {
  constructor(named: string, kind: string, name: string) {
    super(`the database of ${named} holds a ${kind}, ${JSON.stringify(name)}`, {
      code: 'FOREIGN_SCHEMA',
      hint: 'find out who made it; where nobody needs it, remove it with sqlite3 and try again',
      details: { kind, name },
    })
  }
}

/** One row of `sqlite_master`. */
export interface SchemaRow {
  readonly type: string
  readonly name: string
  /** The table that it is, or belongs to. */
  readonly table: string
  readonly sql: string | null
}

/**
 * Runs SQLite's check over an image that nobody writes, beside whatever else this process does.
 *
 * @param named - how messages call the store.
 * @throws UnfitDatabaseError
 */
export async function assertSound(image: string, named: string, depth: 'quick' | 'full' = 'quick'): Promise<void> {
  const finding = await checkImage(image, depth)
  if (finding === undefined) return
  throw new UnfitDatabaseError(`the database of ${named} is damaged: ${finding}`, { finding })
}

/**
 * An item store's schema has tables and indexes only. A trigger, a view or a virtual table would run a stranger's code
 * at the next write; so would an expression in the tables that every store has, in a column or in an index. Other
 * tables may have conditions, which nobody but their owner meets, and nothing that is computed when it is read.
 *
 * @throws ForeignSchemaError naming the first.
 */
export function assertPlainSchema(store: Store, named: string): void {
  const schema = readSchema(store)
  for (const row of schema) {
    const kind = kindOfCode(row)
    if (kind !== undefined) throw new ForeignSchemaError(named, kind, row.name)
  }
  for (const row of schema)
    if (isComputed(store, row)) throw new ForeignSchemaError(named, `${row.type} that is computed`, row.name)
}

/** The tables that every store has, whose text is looked at. */
const EVERY_STORES = /^(item|axiom)_/i

/** Of other tables SQLite knows best, and computes nothing when it is asked. */
function isComputed(store: Store, { type, name, table }: SchemaRow): boolean {
  if (EVERY_STORES.test(table)) return false
  if (type === 'table') {
    const columns = store.sql.all<{ hidden: number }>(`PRAGMA table_xinfo(${quoteName(name)})`)
    return columns.some(({ hidden }) => hidden > 1)
  }
  const parts = store.sql.all<{ cid: number }>(`PRAGMA index_xinfo(${quoteName(name)})`)
  return parts.some(({ cid }) => cid === -2)
}

/** What in a schema row would run a stranger's code, in words; undefined for plain tables and indexes. */
export function kindOfCode({ type, table, sql }: SchemaRow): string | undefined {
  if (type !== 'index' && type !== 'table') return type
  if (/^\s*CREATE\s+VIRTUAL\b/i.test(sql ?? '')) return 'virtual table'
  if (!EVERY_STORES.test(table) || sql === null) return undefined
  return hasExpression(type, sql) ? `${type} with an expression` : undefined
}

/** The engine's and the original's own statements have neither comments nor any of these words outside of names. */
function hasExpression(type: 'index' | 'table', sql: string): boolean {
  if (/--|\/\*/.test(sql)) return true
  const withoutNames = sql.replace(/"(?:[^"]|"")*"|\[[^\]]*\]|`(?:[^`]|``)*`|'(?:[^']|'')*'/g, ' name ')
  if (type === 'table') return /\b(CHECK|AS|DEFAULT)\b/i.test(withoutNames)
  return /\bWHERE\b|\(.*\(/is.test(withoutNames)
}

function readSchema(store: Store): readonly SchemaRow[] {
  return store.sql.all<SchemaRow>('SELECT type, name, tbl_name AS "table", sql FROM sqlite_master ORDER BY type, name')
}

/** SHA-256 over the text of the schema, the fence apart; equal schemas give equal hashes on any machine. */
export function schemaHash(store: Store): string {
  const hash = createHash('sha256')
  for (const { type, name, sql } of readSchema(store))
    if (!OWN_TABLES.includes(name)) hash.update(`${type}\0${name}\0${sql ?? ''}\n`)
  return hash.digest('hex')
}

/** Rows per table, the fence and SQLite's own tables apart. */
export function countRows(store: Store): Record<string, number> {
  const tables = readSchema(store).filter(
    ({ type, name }) => type === 'table' && !name.startsWith('sqlite_') && !OWN_TABLES.includes(name),
  )
  return Object.fromEntries(
    tables.map(({ name }) => {
      const row = store.sql.get<{ rows: number }>(`SELECT count(*) AS rows FROM ${quoteName(name)}`)
      return [name, row?.rows ?? 0]
    }),
  )
}

/** Item types that have items. */
export function itemTypesOf(store: Store): ManifestItemType[] {
  return store
    .typesOnDisk()
    .map(type => ({ typeName: type.typeName, version: type.version, items: store.countOf(type) }))
    .filter(({ items }) => items > 0)
}

/** The first table whose number of rows differs, as a sentence; undefined when all agree. */
export function differenceOfRows(
  sent: Readonly<Record<string, number>>,
  arrived: Readonly<Record<string, number>>,
): string | undefined {
  for (const table of new Set([...Object.keys(sent), ...Object.keys(arrived)])) {
    if (sent[table] !== arrived[table])
      return `table ${table} has ${arrived[table] ?? 'no'} rows, ${sent[table] ?? 'none'} were sent`
  }
  return undefined
}
