import type { AccountRow } from '../accounts/list-accounts.js'
import { LoginAccount } from '../accounts/login-account.js'
import type { Site } from '../site/site.js'
import { type Standing, tryStandingOf } from './administrative-rights.js'

export interface Administrator extends AccountRow {
  /** Null where the store cannot be read, so that nobody knows. */
  readonly admin: Exclude<Standing, 'no'> | null
}

/** Those of the accounts that are administrators, or would be if the site did not withhold it. Opens every store. */
export function* administratorsAmong(site: Site, accounts: Iterable<AccountRow>): Generator<Administrator> {
  for (const row of accounts) {
    const account = site.store.findItemById(row.accountId)
    const admin = account instanceof LoginAccount ? tryStandingOf(site, account) : 'no'
    if (admin !== 'no') yield { ...row, admin }
  }
}
