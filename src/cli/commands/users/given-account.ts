import { nameOfAccount } from '../../../accounts/account-record.js'
import { readAccountRecord } from '../../../accounts/account-rows.js'
import { getAccountByAddress } from '../../../accounts/find-account.js'
import type { LoginAccount } from '../../../accounts/login-account.js'
import { parseExistingAddress } from '../../../base/address.js'
import type { Site } from '../../../site/site.js'

/** The account that a person has named by any of its addresses. @throws NoSuchUserError, UserMovedError. */
export function getAccount(site: Site, typed: string): LoginAccount {
  return getAccountByAddress(site, parseExistingAddress(typed))
}

/** What the account is called, as stored, whichever of its addresses was typed. */
export function nameOf(site: Site, account: LoginAccount): string {
  return nameOfAccount(readAccountRecord(site, account)) ?? `account ${account.storeID}`
}
