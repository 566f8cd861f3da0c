import type { Address } from '../base/address.js'
import { findReservation } from '../site/reservations.js'
import type { Site } from '../site/site.js'
import { findTombstone } from '../site/tombstones.js'
import { methodsOf } from './account-rows.js'
import { AddressMovedError, type AddressNotFreeError, AddressReservedError, AddressTakenError } from './errors.js'
import { findMethodByAddress } from './find-account.js'
import type { LoginMethod } from './login-method.js'

export interface NameRules {
  /** Names that moved away may be given to somebody new. */
  readonly reuseNames?: boolean
  /** Reservations of this holder do not count: they are the caller's own. */
  readonly holder?: string
  /** Tombstones of this store do not count: it is coming back. */
  readonly returningStoreId?: string
}

/**
 * Holds names against every login method of the site (disabled accounts and all protocols included), against
 * reservations and tombstones. To be asked in the site transaction that takes the names.
 *
 * @throws AddressNotFreeError for the first that is not free; nothing is changed.
 */
export function assertNamesFree(site: Site, names: readonly Address[], rules: NameRules = {}): void {
  for (const name of names) {
    const error = takenError(site, name, rules)
    if (error !== undefined) throw error
  }
}

/** Why a name is not free, or undefined when it is. */
export function takenError(site: Site, address: Address, rules: NameRules = {}): AddressNotFreeError | undefined {
  const method = findMethodByAddress(site.store, address)
  if (method !== undefined) return new AddressTakenError(address, ownerOf(site, method))
  const reservation = findReservation(site, address)
  if (reservation !== undefined && reservation.holder !== rules.holder)
    return new AddressReservedError(address, reservation.holder)
  const stone = rules.reuseNames ? undefined : findTombstone(site, address)
  if (stone === undefined || stone.storeId === rules.returningStoreId) return undefined
  return new AddressMovedError(address, stone.targetPath)
}

function ownerOf(site: Site, method: LoginMethod): string | null {
  return methodsOf(site.store, method.account)[0]?.address ?? null
}
