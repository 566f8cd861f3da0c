import type { Address } from '../base/address.js'
import { foldCase, formatAddress } from '../base/address.js'
import type { Store } from '../store-engine/store.js'
import type { Site } from './site.js'

/** What can be held: an address, or the path of a store below the site's `files/`. */
export type ReservationKind = 'address' | 'directory'

export interface Reservation {
  readonly kind: ReservationKind
  /** Folded as the database compares; see {@link addressKey}. */
  readonly name: string
  /** The deed or transfer that holds it. */
  readonly holder: string
}

/** The spelling under which an address is reserved or buried: letters A to Z lowered, nothing else changed. */
export function addressKey(address: Address): string {
  return foldCase(formatAddress(address))
}

/**
 * Holds names for a deed or transfer until {@link releaseReservations}. Call it in the transaction that has made sure
 * that they are free; one that is held already makes SQLite refuse and the transaction roll back.
 */
export function reserve(
  site: Site,
  holder: string,
  names: { readonly addresses?: readonly Address[]; readonly directories?: readonly string[] },
): void {
  const insert = 'INSERT INTO mantissa_reservation (kind, name, holder, created) VALUES (?, ?, ?, ?)'
  const now = site.clock()
  const keys = new Set((names.addresses ?? []).map(addressKey))
  for (const key of keys) site.store.sql.run(insert, 'address', key, holder, now)
  for (const path of names.directories ?? []) site.store.sql.run(insert, 'directory', foldCase(path), holder, now)
}

/** Gives back everything that `holder` held; nothing is not an error. */
export function releaseReservations(site: Site, holder: string): void {
  site.store.sql.run('DELETE FROM mantissa_reservation WHERE holder = ?', holder)
}

/** Who holds an address, or undefined. */
export function findReservation(site: Site, address: Address): Reservation | undefined {
  if (!site.hasAdminTables) return undefined
  return site.store.sql.get<Reservation>(
    `SELECT kind, name, holder FROM mantissa_reservation WHERE kind = 'address' AND name = ?`,
    addressKey(address),
  )
}

/** Whether a folded name is held by anybody; needs the site's plain tables. */
export function isReserved(siteStore: Store, kind: ReservationKind, key: string): boolean {
  return siteStore.sql.get('SELECT 1 FROM mantissa_reservation WHERE kind = ? AND name = ?', kind, key) !== undefined
}
