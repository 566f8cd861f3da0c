/**
 * The stores that a site names, with what it says of each, as plain data for whoever checks them. Read in pages, so
 * that a site of any size needs the memory of one page, and no transaction stands open meanwhile.
 */
import type { SqlRow, SqlValue } from '../../store-engine/database/sql-value.js'
import type { SiteRows } from './site-rows.js'
import type { StoreUnderCheck } from './store-under-check.js'

/** A store that the site names; `id` is the storeID of its SubStore item. */
export interface NamedStore extends StoreUnderCheck {
  readonly id: number
}

const PAGE = 200

/** In the order of their coming. A SubStore without a path has no store. */
export function* namedStores(site: string, rows: SiteRows): Generator<NamedStore> {
  const sql = selectStores(rows, `WHERE oid > ? AND storepath IS NOT NULL ORDER BY oid LIMIT ${PAGE}`)
  if (sql === undefined) return
  for (let after: SqlValue = -(2n ** 62n); ; ) {
    const page = rows.all(sql, after)
    yield* page.map(row => storeOfRow(site, row))
    if (page.length < PAGE) return
    after = page.at(-1)?.[0] ?? null
  }
}

/** The store as the site names it now; undefined when it does no more. */
export function findNamedStore(site: string, rows: SiteRows, id: number): NamedStore | undefined {
  const sql = selectStores(rows, 'WHERE oid = ? AND storepath IS NOT NULL')
  const [row] = sql === undefined ? [] : rows.all(sql, id)
  return row && storeOfRow(site, row)
}

export function countNamedStores(rows: SiteRows): number {
  const table = rows.table('substore', 1)
  return table === undefined ? 0 : Number(rows.all(`SELECT count(*) FROM ${table}`)[0]?.[0] ?? 0)
}

/** Accounts and methods in one text each: a join would repeat the hash for each method. */
function selectStores(rows: SiteRows, where: string): string | undefined {
  const table = rows.table('substore', 1)
  if (table === undefined) return undefined
  const { accounts } = rows
  const [account, methods] =
    accounts === undefined
      ? ['NULL', 'NULL']
      : [
          `(SELECT json_array(${forJson('disabled')}, CAST(passwordHash AS TEXT)) FROM ${accounts.login} WHERE avatars = s.oid)`,
          `(SELECT json_group_array(json_array(CAST(localpart AS TEXT), CAST(domain AS TEXT), CAST(protocol AS TEXT), ${forJson('internal')}, ${forJson('verified')}))
            FROM (SELECT * FROM ${accounts.method} WHERE account =
              (SELECT oid FROM ${accounts.login} WHERE avatars = s.oid) ORDER BY oid))`,
        ]
  return `SELECT s.oid, s.storepath, ${account}, ${methods}, ${tickColumns(rows)}
    FROM (SELECT oid, storepath FROM ${table} ${where}) AS s`
}

/** SQLite puts no bytes into JSON, which where a number belongs only a stranger writes. */
function forJson(column: string): string {
  return `iif(typeof(${column}) = 'blob', hex(${column}), ${column})`
}

/** When the site will look: the event of the store's hook. Hooks of older versions wait for their upgrade first. */
function tickColumns(rows: SiteRows): string {
  const [hook, event] = [rows.table('axiom_subscheduler_parent_hook', 4), rows.table('timed_event', 1)]
  const isOld = rows.tablesOf('axiom_subscheduler_parent_hook').length > (hook === undefined ? 0 : 1)
  if (isOld) return '0, NULL'
  if (hook === undefined || event === undefined) return '1, NULL'
  return `1, (SELECT CAST(min(time) AS TEXT) FROM ${event}
    WHERE typeof(time) = 'integer' AND runnable IN (SELECT oid FROM ${hook} WHERE subStore = s.oid))`
}

function storeOfRow(site: string, [id, storepath, account, methods, knowsTick, tick]: SqlRow): NamedStore {
  return {
    id: Number(id),
    store: `files/${storepath}`,
    site,
    account: account === null ? null : { account: String(account), methods: String(methods) },
    ...(Number(knowsTick) === 1 ? { tick: tick === null ? null : String(tick) } : {}),
  }
}

/** What the account of a store is called: its oldest address. */
export function nameOfStore({ account }: StoreUnderCheck): string | null {
  const [first] = account === null ? [] : (JSON.parse(account.methods) as [string, string | null][])
  if (first === undefined) return null
  const [localpart, domain] = first
  return domain === null ? localpart : `${localpart}@${domain}`
}
