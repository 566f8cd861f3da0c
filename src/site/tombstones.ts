import type { Address } from '../base/address.js'
import { formatAddress } from '../base/address.js'
import { addressKey } from './reservations.js'
import type { Site } from './site.js'

/** Where an address that has left this site went. Its name stays taken here unless somebody says otherwise. */
export interface Tombstone {
  readonly address: string
  readonly storeId: string
  readonly epoch: number
  readonly targetPath: string | null
  readonly targetSiteId: string | null
  /** Base URL of the site that serves the user now, where that is known. */
  readonly publicUrl: string | null
  readonly transferId: string | null
}

const COLUMNS = `address, store_id AS storeId, epoch, target_path AS targetPath, target_site_id AS targetSiteId,
  public_url AS publicUrl, transfer_id AS transferId`

/** Writes or replaces the tombstone of one address; part of the transaction that removes its account. */
export function recordTombstone(site: Site, address: Address, stone: Omit<Tombstone, 'address'>): void {
  site.store.sql.run(
    `INSERT OR REPLACE INTO mantissa_tombstone
      (name, address, store_id, epoch, target_path, target_site_id, public_url, transfer_id, created)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    addressKey(address),
    formatAddress(address),
    stone.storeId,
    stone.epoch,
    stone.targetPath,
    stone.targetSiteId,
    stone.publicUrl,
    stone.transferId,
    site.clock(),
  )
}

/** The tombstone of an address, or undefined; also on a site that was never written here. */
export function findTombstone(site: Site, address: Address): Tombstone | undefined {
  if (!site.hasAdminTables) return undefined
  return site.store.sql.get<Tombstone>(`SELECT ${COLUMNS} FROM mantissa_tombstone WHERE name = ?`, addressKey(address))
}

/** All tombstones in the order of their making. */
export function listTombstones(site: Site): readonly Tombstone[] {
  if (!site.hasAdminTables) return []
  return site.store.sql.all<Tombstone>(`SELECT ${COLUMNS} FROM mantissa_tombstone ORDER BY created, name`)
}

/** A store that comes back takes its own tombstones away, whatever names they bear. */
export function removeTombstonesOf(site: Site, storeId: string): void {
  site.store.sql.run('DELETE FROM mantissa_tombstone WHERE store_id = ?', storeId)
}

/** Frees one name; part of the transaction that gives it to somebody new. */
export function removeTombstone(site: Site, address: Address): void {
  site.store.sql.run('DELETE FROM mantissa_tombstone WHERE name = ?', addressKey(address))
}
