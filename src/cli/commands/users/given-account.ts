import { getAccountByAddress } from '../../../accounts/find-account.js'
import type { LoginAccount } from '../../../accounts/login-account.js'
import { parseExistingAddress } from '../../../base/address.js'
import type { Site } from '../../../site/site.js'

/** The account that a person has named by any of its addresses. @throws NoSuchUserError, UserMovedError. */
export function getAccount(site: Site, typed: string): LoginAccount {
  return getAccountByAddress(site, parseExistingAddress(typed))
}
