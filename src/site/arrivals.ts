import type { Address } from '../base/address.js'
import { addressKey } from './reservations.js'
import type { Site } from './site.js'

/** Whether an account of this site (its storeID) is the one that a store became when it moved or was imported here. */
export function hasArrivedAs(site: Site, storeId: string, accountId: number): boolean {
  if (!site.hasAdminTables) return false
  const sql = `SELECT 1 FROM mantissa_transfer WHERE store_id = ? AND role = 'target' AND account_id = ?`
  return site.store.sql.get(sql, storeId, accountId) !== undefined
}

/**
 * Whether somebody is coming to this site who will have that address in a moment: what they bring lies here, and where
 * they come from nothing can be written any more. Whoever asks for them is to ask again.
 */
export function isArriving(site: Site, address: Address): boolean {
  if (!site.hasAdminTables) return false
  const sql = `SELECT 1 FROM mantissa_reservation JOIN mantissa_transfer ON mantissa_transfer.id = holder
    WHERE kind = 'address' AND name = ? AND role = 'target' AND state = 'PREPARED'`
  return site.store.sql.get(sql, addressKey(address)) !== undefined
}
