import { parseExistingAddress } from '../base/address.js'
import { isArriving } from '../site/arrivals.js'
import type { Site } from '../site/site.js'
import { findTombstone } from '../site/tombstones.js'
import { findAccountByAddress } from './find-account.js'
import type { LoginAccount } from './login-account.js'
import { type MovedTo, movedTo } from './moved-to.js'

/**
 * Who answers to an address: an account of this site, disabled ones included; a site elsewhere; somebody who will
 * be here in a moment; or nobody.
 */
export type AddressLocation =
  | { readonly kind: 'here'; readonly account: LoginAccount }
  | { readonly kind: 'moved'; readonly to: MovedTo }
  | { readonly kind: 'arriving' }
  | { readonly kind: 'unknown' }

/**
 * Looks an address up as whoever carries something to it must: what is asked of a page is redirected by it, and a
 * message goes where it says. Few queries of the site and nothing else: no other site is opened, so `to` is where the
 * user went from here, and that site says whether they have gone on.
 *
 * Addresses are compared as accounts are: letters A to Z without case, as typed first and then in NFC. An account
 * counts before a tombstone, so a name that was given to somebody new is `here`. A text that can be nobody's address is
 * `unknown`, never an error.
 *
 * Logging in does not ask this: whether a name has moved is never told by a login, failed or not.
 */
export function locateAddress(site: Site, text: string): AddressLocation {
  if (text === '' || text.includes('\0') || !text.isWellFormed()) return { kind: 'unknown' }
  const address = parseExistingAddress(text)
  const account = findAccountByAddress(site, address)
  if (account !== undefined) return { kind: 'here', account }
  if (isArriving(site, address)) return { kind: 'arriving' }
  const stone = findTombstone(site, address)
  return stone === undefined ? { kind: 'unknown' } : { kind: 'moved', to: movedTo(stone) }
}
