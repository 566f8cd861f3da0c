import type { Address } from '../base/address.js'
import { normalizeAddress } from '../base/address.js'
import type { Site } from '../site/site.js'
import { findTombstone } from '../site/tombstones.js'
import { and } from '../store-engine/queries/comparison.js'
import type { Store } from '../store-engine/store.js'
import { NoSuchUserError, UserMovedError } from './errors.js'
import { followTombstone } from './follow-tombstone.js'
import type { LoginAccount } from './login-account.js'
import { LoginMethod } from './login-method.js'
import { upgradeAccounts } from './login-upgrades.js'
import { similarAddresses } from './similar-addresses.js'

/**
 * The account that owns an address, whatever the protocol; disabled accounts count. Letter case of A to Z is ignored.
 * The address is looked for as typed first (old names may not be NFC) and then in NFC.
 *
 * Method and account are of one moment: one that somebody removes meanwhile is found whole, or not at all.
 */
export function findAccountByAddress({ store }: Site, address: Address): LoginAccount | undefined {
  upgradeMethods(store)
  return store.snapshot(() => findMethodByAddress(store, address)?.account)
}

/**
 * The account that owns an address.
 *
 * @throws UserMovedError (`MOVED`) where it went to another site, and on from there as far as sites can be read from
 *   here; NoSuchUserError (`NO_SUCH_USER`), with addresses that look alike in its details. Neither creates anything.
 */
export function getAccountByAddress(site: Site, address: Address): LoginAccount {
  const account = findAccountByAddress(site, address)
  if (account !== undefined) return account
  const stone = findTombstone(site, address)
  if (stone !== undefined) {
    const isServedBy = (there: Site) => findAccountByAddress(there, address) !== undefined
    throw new UserMovedError(address, followTombstone(stone, isServedBy))
  }
  throw new NoSuchUserError(address, similarAddresses(site.store, address))
}

/** The oldest method with that address in a site's or a user's store. */
export function findMethodByAddress(store: Store, address: Address): LoginMethod | undefined {
  upgradeMethods(store)
  const normal = normalizeAddress(address)
  const asTyped = findMethod(store, address)
  if (asTyped !== undefined) return asTyped
  return normal.localpart === address.localpart && normal.domain === address.domain
    ? undefined
    : findMethod(store, normal)
}

/** Writes where accounts or methods of older versions are left, which no snapshot may; else it costs nothing. */
function upgradeMethods(store: Store): void {
  upgradeAccounts(store)
  store.engine.findTable(LoginMethod)
}

function findMethod(store: Store, { localpart, domain }: Address): LoginMethod | undefined {
  const owned = and(LoginMethod.localpart.equals(localpart), LoginMethod.domain.equals(domain))
  return store.findFirst(LoginMethod, owned, { sort: LoginMethod.storeID.ascending })
}
