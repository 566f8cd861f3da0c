import type { Address } from '../base/address.js'
import { formatAddress, normalizeAddress } from '../base/address.js'
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
  /** When the address left; microseconds since 1970. */
  readonly created: number
}

const COLUMNS = `address, store_id AS storeId, epoch, target_path AS targetPath, target_site_id AS targetSiteId,
  public_url AS publicUrl, transfer_id AS transferId, created`

/** How many are held in memory by {@link listTombstones}. */
const PAGE = 500

/** Writes or replaces the tombstone of one address; part of the transaction that removes its account. */
export function recordTombstone(site: Site, address: Address, stone: Omit<Tombstone, 'address' | 'created'>): void {
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

/**
 * The tombstone of an address, or undefined; also on a site that was never written here. Compared as accounts are: as
 * typed first, then in NFC.
 */
export function findTombstone(site: Site, address: Address): Tombstone | undefined {
  const [asTyped, normal] = [addressKey(address), addressKey(normalizeAddress(address))]
  const found = findByName(site, asTyped)
  return found === undefined && normal !== asTyped ? findByName(site, normal) : found
}

function findByName(site: Site, name: string): Tombstone | undefined {
  if (!site.hasAdminTables) return undefined
  return site.store.sql.get<Tombstone>(`SELECT ${COLUMNS} FROM mantissa_tombstone WHERE name = ?`, name)
}

/** The tombstones of a localpart in whatever domains, by name. */
export function listTombstonesWithLocalpart(site: Site, localpart: string): readonly Tombstone[] {
  if (!site.hasAdminTables) return []
  const key = addressKey(normalizeAddress({ localpart, domain: '' }))
  // Behind all names that begin with "localpart@": "A" follows "@".
  const end = `${key.slice(0, -1)}A`
  const sql = `SELECT ${COLUMNS} FROM mantissa_tombstone WHERE name >= ? AND name < ? ORDER BY name`
  return site.store.sql.all<Tombstone>(sql, key, end)
}

/** The tombstones of one store, one for each address that it had when it left. */
export function listTombstonesOf(site: Site, storeId: string): readonly Tombstone[] {
  if (!site.hasAdminTables) return []
  const sql = `SELECT ${COLUMNS} FROM mantissa_tombstone WHERE store_id = ? ORDER BY name`
  return site.store.sql.all<Tombstone>(sql, storeId)
}

/** All tombstones by name. A site may have a hundred thousand, so a page of them is held at a time. */
export function* listTombstones(site: Site): Generator<Tombstone> {
  if (!site.hasAdminTables) return
  const sql = `SELECT ${COLUMNS}, name FROM mantissa_tombstone WHERE name > ? ORDER BY name LIMIT ${PAGE}`
  for (let after = ''; ; ) {
    const page = site.store.sql.all<Tombstone & { readonly name: string }>(sql, after)
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.name
  }
}

/** A store that comes back takes its own tombstones away, whatever names they bear. */
export function removeTombstonesOf(site: Site, storeId: string): void {
  site.store.sql.run('DELETE FROM mantissa_tombstone WHERE store_id = ?', storeId)
}

/** Frees one name; part of the transaction that gives it to somebody new. */
export function removeTombstone(site: Site, address: Address): void {
  site.store.sql.run('DELETE FROM mantissa_tombstone WHERE name = ?', addressKey(address))
}
