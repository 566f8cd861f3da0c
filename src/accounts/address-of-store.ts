import type { Address } from '../base/address.js'
import { quoteName } from '../store-engine/database/sql-value.js'
import type { Store } from '../store-engine/store.js'

interface Account {
  readonly id: number
  /** Of version 1 only, which had its one name in itself. */
  readonly named: Address | undefined
}

/**
 * The first address of the account whose store a SubStore item of the site stands for. It is read from the bare rows, of
 * whichever versions, so that a site that is not upgraded yet can be told about.
 */
export function findAddressOfStore(siteStore: Store, subStoreID: number): Address | undefined {
  const account = findAccount(siteStore, subStoreID)
  if (account === undefined || account.named !== undefined) return account?.named
  for (const table of tablesOf(siteStore, 'login_method')) {
    const sql = `SELECT localpart, domain FROM ${table} WHERE account = ? ORDER BY oid LIMIT 1`
    const found = siteStore.sql.get<{ localpart: string; domain: string | null }>(sql, account.id)
    if (found !== undefined) return found
  }
  return undefined
}

function findAccount(siteStore: Store, subStoreID: number): Account | undefined {
  for (const table of tablesOf(siteStore, 'login')) {
    const sql = `SELECT oid AS id, * FROM ${table} WHERE avatars = ? LIMIT 1`
    const row = siteStore.sql.get<{ id: number; username?: string; domain?: string | null }>(sql, subStoreID)
    if (row === undefined) continue
    const { id, username, domain = null } = row
    return { id, named: username === undefined ? undefined : { localpart: username, domain } }
  }
  return undefined
}

/** The newest version first, quoted. */
function tablesOf(store: Store, typeName: string): readonly string[] {
  const types = store.typesOnDisk().filter(each => each.typeName === typeName)
  return types.sort((a, b) => b.version - a.version).map(({ table }) => quoteName(table))
}
