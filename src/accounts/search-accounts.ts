/**
 * Pages of accounts for somebody who looks through a hundred thousand of them: a page costs the same wherever it is, and
 * nothing is counted.
 *
 * Pages are told apart by the account they begin after or end before (its storeID in the site), so what is created and
 * removed meanwhile moves nobody from one page to the next. Accounts come in the order in which they were created.
 */
import { formatAddress } from '../base/address.js'
import type { Site } from '../site/site.js'
import { LoginAccount } from './login-account.js'
import './login-upgrades.js'
import { LoginMethod } from './login-method.js'

export interface AccountSearch {
  /** What stands in an address, in whatever letter case (of ASCII); the empty text stands in all. */
  readonly text?: string
  readonly after?: number
  readonly before?: number
  readonly limit?: number
}

export interface FoundAccount {
  readonly accountId: number
  /** Oldest first; only those with a domain. */
  readonly addresses: readonly string[]
  readonly disabled: boolean
  readonly hasPassword: boolean
}

export interface FoundPage {
  readonly accounts: readonly FoundAccount[]
  readonly hasBefore: boolean
  readonly hasAfter: boolean
}

const NONE: FoundPage = { accounts: [], hasBefore: false, hasAfter: false }

/** One page of the accounts of people. Opens no user store. */
export function searchAccounts(site: Site, search: AccountSearch = {}): FoundPage {
  const { after, before, limit = 50 } = search
  const tables = findTables(site)
  if (tables === undefined) return NONE
  const isBackwards = before !== undefined && after === undefined
  const ids = site.store.sql.pluck<number>(
    `SELECT DISTINCT account FROM ${tables.methods} WHERE domain IS NOT NULL
      AND (localpart || '@' || domain) LIKE ? ESCAPE '\\' AND account ${isBackwards ? '<' : '>'} ?
      ORDER BY account ${isBackwards ? 'DESC' : 'ASC'} LIMIT ?`,
    ...[patternOf(search.text ?? ''), (isBackwards ? before : after) ?? 0, limit + 1],
  )
  const hasMore = ids.length > limit
  const page = ids.slice(0, limit).sort((one, other) => one - other)
  return {
    accounts: describe(site, tables, page),
    hasBefore: isBackwards ? hasMore : after !== undefined,
    hasAfter: isBackwards || hasMore,
  }
}

/** `%` and `_` are letters like others. */
function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}

type Tables = NonNullable<ReturnType<typeof findTables>>

function findTables({ store }: Site) {
  const accounts = store.engine.findTable(LoginAccount)?.onDisk.table
  const methods = store.engine.findTable(LoginMethod)?.onDisk.table
  return accounts === undefined || methods === undefined ? undefined : { accounts, methods }
}

function describe(site: Site, { accounts, methods }: Tables, ids: readonly number[]): readonly FoundAccount[] {
  const marks = ids.map(() => '?').join()
  const names = new Map<number, string[]>(ids.map(id => [id, []]))
  for (const row of site.store.sql.all<{ account: number; localpart: string; domain: string }>(
    `SELECT account, localpart, domain FROM ${methods} WHERE domain IS NOT NULL AND account IN (${marks}) ORDER BY oid`,
    ...ids,
  ))
    names.get(row.account)?.push(formatAddress(row))
  const rows = site.store.sql.all<{ id: number; disabled: number | null; hasPassword: number }>(
    `SELECT oid AS id, disabled, passwordHash IS NOT NULL AS hasPassword FROM ${accounts}
      WHERE oid IN (${marks}) ORDER BY oid`,
    ...ids,
  )
  return rows.map(({ id, disabled, hasPassword }) => ({
    accountId: id,
    addresses: [...new Set(names.get(id))],
    disabled: disabled !== 0,
    hasPassword: hasPassword === 1,
  }))
}
