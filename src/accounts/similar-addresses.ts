import type { Address } from '../base/address.js'
import { formatAddress } from '../base/address.js'
import { nearestNames } from '../base/nearest-names.js'
import { or } from '../store-engine/queries/comparison.js'
import type { Store } from '../store-engine/store.js'
import { LoginMethod } from './login-method.js'

/** How many candidates are compared; a site of a hundred thousand must not be read for a typing error. */
const CANDIDATES = 1000

/** Existing addresses that somebody may have meant: at most three, the nearest first, the same name elsewhere before. */
export function similarAddresses(store: Store, address: Address): readonly string[] {
  const elsewhere = store
    .query(LoginMethod, { where: LoginMethod.localpart.equals(address.localpart), limit: 3 })
    .toArray()
    .map(method => method.address)
  const near = nearestNames(formatAddress(address), candidates(store, address))
  return [...new Set([...elsewhere, ...near])].slice(0, 3)
}

function candidates(store: Store, { localpart }: Address): readonly string[] {
  const [first = ''] = localpart
  const where = or(LoginMethod.localpart.startsWith(first), LoginMethod.localpart.endsWith(localpart.slice(-2)))
  return store
    .query(LoginMethod, { where, limit: CANDIDATES })
    .toArray()
    .map(method => method.address)
}
