import { createAccount } from '../../../src/accounts/create-account.js'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import type { LoginAccount } from '../../../src/accounts/login-account.js'
import { parseExistingAddress } from '../../../src/base/address.js'
import { grantAdministration } from '../../../src/offerings/administrative-rights.js'
import {
  LocalUserBrowser,
  OfferingConfiguration,
  PortConfiguration,
} from '../../../src/offerings/site-items/administration.js'
import { installOn } from '../../../src/store-engine/powerups/dependency.js'
import { sharedByFile } from '../../support/at-end.js'
import { type StartedSite, startSite } from '../../support/started-site.js'
import { CHEAP_HASH, loggedIn, type WebBrowser } from '../../support/web-browser.js'

/** Administrators of one thing only. */
const PARTLY = {
  'people@example.com': LocalUserBrowser,
  'ports@example.com': PortConfiguration,
  'offerings@example.com': OfferingConfiguration,
} as const

export interface AdminSite {
  readonly started: StartedSite
  /** A browser of somebody who has logged in; they get an account where they have none. */
  as(address: string): WebBrowser
  /** root@example.com, who may everything. */
  admin(): WebBrowser
  account(address: string): LoginAccount
  /** Path of the page about somebody. */
  pageOf(address: string): string
}

/** A site with the offering `notes`, an administrator of everything, three of one thing, and bob, who is none. */
export async function makeAdminSite(): Promise<AdminSite> {
  const started = await startSite({ offerings: ['notes'] })
  const { site } = started
  const account = (address: string): LoginAccount => {
    const found = findAccountByAddress(site, parseExistingAddress(address))
    if (found === undefined) throw new Error(`${address} has no account`)
    return found
  }
  for (const address of ['root@example.com', 'bob@example.com', ...Object.keys(PARTLY)])
    createAccount(site, { address: parseExistingAddress(address), passwordHash: CHEAP_HASH })
  grantAdministration(site, account('root@example.com'))
  for (const [address, itemClass] of Object.entries(PARTLY))
    await started.node.withUserStore(account(address), store => installOn(store.create(itemClass, {}), store))
  const as = (address: string): WebBrowser => loggedIn(started, address)
  return {
    started,
    as,
    admin: () => as('root@example.com'),
    account,
    pageOf: address => `/admin/users/${account(address).storeID}`,
  }
}

/** One for all tests of a file. */
export const sharedAdminSite = (): (() => AdminSite) => sharedByFile(makeAdminSite)
