/**
 * Listing accounts: one join over the site's tables, in pages, as plain rows.
 *
 * A site has a hundred thousand accounts, so nothing here opens a user's store, makes an item object or keeps more
 * than a page. Pages begin after the last account seen: an account that exists during the whole listing is in it
 * exactly once, whatever others create and remove meanwhile. Accounts come in the order in which they were created.
 */
import { formatAddress } from '../base/address.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import type { MethodRecord } from './account-record.js'
import { LoginAccount } from './login-account.js'
import './login-upgrades.js'
import { LoginMethod } from './login-method.js'

export interface AccountFilter {
  /** Only accounts with an address in this domain. */
  readonly domain?: string
  readonly disabled?: boolean
  /** Only accounts that are endowed with this offering. */
  readonly offering?: string
  /** Also the accounts of application stores, and those that have lost all their addresses. Default false. */
  readonly all?: boolean
}

export interface AccountRow {
  /** The storeID of the site's LoginAccount. */
  readonly accountId: number
  /** The oldest address; null when the account has none. */
  readonly address: string | null
  readonly disabled: boolean
  readonly hasPassword: boolean
  /** The user store below the site's `files/`; null when the account has none. */
  readonly storepath: string | null
  /** Oldest first. */
  readonly methods: readonly MethodRecord[]
}

const PAGE = 500

/** The accounts of a site, people only unless `all` is said. */
export function* listAccounts(site: Site, filter: AccountFilter = {}): Generator<AccountRow> {
  const statement = writeStatement(site, filter)
  if (statement === undefined) return
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = site.store.sql.all<JoinedRow>(statement.sql, after, ...statement.parameters)
    const accounts = gather(rows)
    yield* accounts
    const last = accounts.at(-1)
    if (last === undefined || accounts.length < PAGE) return
    after = last.accountId
  }
}

/** How many accounts {@link listAccounts} would yield. */
export function countAccounts(site: Site, filter: AccountFilter = {}): number {
  const tables = findTables(site.store)
  if (tables === undefined || (filter.offering !== undefined && !site.hasAdminTables)) return 0
  const { conditions, parameters } = writeConditions(filter, tables.methods)
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sql = `SELECT count(*) AS count FROM ${tables.accounts} AS l ${where}`
  return site.store.sql.get<{ count: number }>(sql, ...parameters)?.count ?? 0
}

interface JoinedRow {
  readonly id: number
  readonly disabled: number | null
  readonly hasPassword: number
  readonly storepath: string | null
  readonly localpart: string | null
  readonly domain: string | null
  readonly protocol: string
  readonly internal: number
  readonly verified: number
}

function writeStatement(site: Site, filter: AccountFilter) {
  const tables = findTables(site.store)
  if (tables === undefined || (filter.offering !== undefined && !site.hasAdminTables)) return undefined
  const { accounts, methods, substores } = tables
  const { conditions, parameters } = writeConditions(filter, methods)
  const storepath = substores === undefined ? 'NULL' : `(SELECT storepath FROM ${substores} WHERE oid = a.avatars)`
  const sql = `SELECT a.oid AS id, a.disabled, a.passwordHash IS NOT NULL AS hasPassword, ${storepath} AS storepath,
      m.localpart, m.domain, m.protocol, m.internal, m.verified
    FROM (SELECT oid, disabled, passwordHash, avatars FROM ${accounts} AS l
      WHERE ${['l.oid > ?', ...conditions].join(' AND ')} ORDER BY l.oid LIMIT ${PAGE}) AS a
    LEFT JOIN ${methods} AS m ON m.account = a.oid ORDER BY a.oid, m.oid`
  return { sql, parameters }
}

function writeConditions(filter: AccountFilter, methods: string) {
  const conditions: string[] = []
  const parameters: string[] = []
  const owns = (test: string) => `EXISTS (SELECT 1 FROM ${methods} AS o WHERE o.account = l.oid AND ${test})`
  if (filter.domain !== undefined) {
    conditions.push(owns('o.domain = ?'))
    parameters.push(filter.domain)
  } else if (filter.all !== true) conditions.push(owns('o.domain IS NOT NULL'))
  if (filter.disabled !== undefined) conditions.push(filter.disabled ? 'l.disabled IS NOT 0' : 'l.disabled = 0')
  if (filter.offering !== undefined) {
    conditions.push('l.oid IN (SELECT account_id FROM mantissa_endowment WHERE offering = ?)')
    parameters.push(filter.offering)
  }
  return { conditions, parameters }
}

/** The tables of the current versions; undefined for a site without accounts. Items of older versions are upgraded. */
function findTables(store: Store) {
  const accounts = store.engine.findTable(LoginAccount)?.onDisk.table
  const methods = store.engine.findTable(LoginMethod)?.onDisk.table
  const substores = store.engine.findTable(SubStore)?.onDisk.table
  return accounts === undefined || methods === undefined ? undefined : { accounts, methods, substores }
}

function gather(rows: readonly JoinedRow[]): readonly AccountRow[] {
  const accounts: (AccountRow & { methods: MethodRecord[] })[] = []
  for (const row of rows) {
    if (accounts.at(-1)?.accountId !== row.id) accounts.push(beginAccount(row))
    if (row.localpart !== null) accounts.at(-1)?.methods.push(methodOf(row, row.localpart))
  }
  return accounts
}

function beginAccount(row: JoinedRow) {
  const { id, disabled, hasPassword, storepath, localpart, domain } = row
  const address = localpart === null ? null : formatAddress({ localpart, domain })
  const methods: MethodRecord[] = []
  return { accountId: id, address, disabled: disabled !== 0, hasPassword: hasPassword === 1, storepath, methods }
}

function methodOf({ domain, protocol, internal, verified }: JoinedRow, localpart: string): MethodRecord {
  return { localpart, domain, protocol, internal: internal === 1, verified: verified === 1 }
}
