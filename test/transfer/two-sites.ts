import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { subStoreOf } from '../../src/accounts/account-rows.js'
import { createAccount } from '../../src/accounts/create-account.js'
import { getAccountByAddress } from '../../src/accounts/find-account.js'
import { installLoginSystem } from '../../src/accounts/login-system.js'
import { parseAddress, parseExistingAddress } from '../../src/base/address.js'
import { createSiteStore, type Site } from '../../src/site/site.js'
import type { Store } from '../../src/store-engine/store.js'
import { openCarried } from '../../src/transfer/copying/open-carried.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

/** An open site that is closed when the test ends. */
export function keep(site: Site): Site {
  onTestFinished(() => site.close())
  return site
}

/** An empty site with a login system. */
export function newSite(name = 'site.axiom', parent = temporaryDirectory()): Site {
  const site = createSiteStore(join(parent, name))
  installLoginSystem(site.store)
  return keep(site)
}

export function addUser(site: Site, address: string): void {
  createAccount(site, { address: parseAddress(address), passwordHash: null })
}

export function directoryOfUser(site: Site, address: string): string {
  const directory = subStoreOf(getAccountByAddress(site, parseExistingAddress(address)))?.storepath
  if (directory === null || directory === undefined) throw new Error(`${address} has no store`)
  return directory
}

/** The user's store, open until the test ends. */
export function storeOfUser(site: Site, address: string): Store {
  const store = openCarried(directoryOfUser(site, address))
  onTestFinished(() => store.close())
  return store
}

/** Every row of every table but the fence and SQLite's own, as text. */
export function dump(store: Store, except: readonly string[] = []): Record<string, readonly string[]> {
  const hidden = ['mantissa_fence', ...except]
  const tables = store.sql
    .pluck<string>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID' ORDER BY name",
    )
    .filter(table => !hidden.includes(table))
  const asText = (_key: string, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
  return Object.fromEntries(
    tables.map(table => [
      table,
      store.sql.all(`SELECT rowid AS "rowid here", * FROM "${table}"`).map(row => JSON.stringify(row, asText)),
    ]),
  )
}
