import { findAccountByAddress } from '../../accounts/find-account.js'
import type { Address } from '../../base/address.js'
import { parseExistingAddress } from '../../base/address.js'
import { hasArrivedAs } from '../../site/arrivals.js'
import type { Site } from '../../site/site.js'
import { findTombstone, type Tombstone } from '../../site/tombstones.js'

/**
 * Whether an address that is not in the source any more is the target's, as the same user: it has moved there from
 * here, directly or by way of other sites. Somebody new of the same name does not count.
 */
export function isAlreadyThere(source: Site, target: Site, address: Address): boolean {
  if (findAccountByAddress(source, address) !== undefined) return false
  const stone = findTombstone(source, address)
  return stone !== undefined && hasMovedTo(target, stone)
}

/** The same for a tombstone of the source. */
export function hasMovedTo(target: Site, { address, storeId }: Tombstone): boolean {
  const account = findAccountByAddress(target, parseExistingAddress(address))
  return account !== undefined && hasArrivedAs(target, storeId, account.storeID)
}
