/**
 * Where the stores of a site lie below its `files/`, as the original laid them out and an administrator finds them:
 * `account/<domain>/<localpart>.axiom` for people, `app/<offering>.axiom` for application stores.
 *
 * The name is a courtesy. What counts is the path that the site's SubStore item holds, so a directory that is taken
 * (by a left-over, a file, another account's store) costs nothing but a suffix: `<localpart>~2.axiom`.
 */
import { lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Address } from '../base/address.js'
import { foldCase } from '../base/address.js'
import { InvalidInputError } from '../base/errors.js'
import { assertInside, safeJoin } from '../base/safe-path.js'
import type { Store } from '../store-engine/store.js'
import { isReserved } from './reservations.js'

export type StoreSegments = readonly string[]

/**
 * The path of a person's store below `files/`; `copy` 2 and above gives the alternatives.
 *
 * @throws InvalidInputError for the domain null, which names application stores only.
 */
export function userStoreSegments(address: Address, copy = 1): StoreSegments {
  if (address.domain === null) {
    throw new InvalidInputError(`"${address.localpart}" has no domain, so it cannot be a person's account`, {
      code: 'INVALID_ADDRESS',
      hint: 'write it as localpart@domain',
      details: { address: address.localpart },
    })
  }
  const suffix = copy > 1 ? `~${copy}` : ''
  return ['account', address.domain, `${address.localpart}${suffix}.axiom`]
}

/** The path of an offering's application store below `files/`; `copy` as for a person's. */
export function appStoreSegments(offering: string, copy = 1): StoreSegments {
  return ['app', `${offering}${copy > 1 ? `~${copy}` : ''}.axiom`]
}

/** How the database spells a path below `files/`. */
export function storePathOf(segments: StoreSegments): string {
  return segments.join('/')
}

/** The absolute path; refuses any segment that is not one plain name. */
export function directoryOf(siteStore: Store, segments: StoreSegments): string {
  return safeJoin(siteStore.filesDirectory ?? '', ...segments)
}

/**
 * Whether the place where a store is to be made is what it seems: no link above it leads out of the site's `files/`.
 *
 * @throws IntegrityError (`PATH_ESCAPES`)
 */
export function assertPlace(siteStore: Store, directory: string): void {
  assertInside(siteStore.filesDirectory ?? '', dirname(directory))
}

/**
 * For each address a directory that nothing uses: not on the disk, not in a SubStore item (even when its directory is
 * lost), not reserved, and not given to another address of the same call. Call it in the transaction that reserves.
 */
export function chooseUserStoreSegments(siteStore: Store, addresses: readonly Address[]): readonly StoreSegments[] {
  const chosen = new Set<string>()
  const recorded = recordedPaths(
    siteStore,
    addresses.map(address => storePathOf(userStoreSegments(address))),
  )
  return addresses.map(address => {
    for (let copy = 1; ; copy += 1) {
      const segments = userStoreSegments(address, copy)
      const key = foldCase(storePathOf(segments))
      if (chosen.has(key) || recorded.has(key) || !isFree(siteStore, segments)) continue
      // The paths of a site are not indexed: a further look at them costs a scan, so it comes last.
      if (copy > 1 && recordedPaths(siteStore, [key]).size > 0) continue
      chosen.add(key)
      return segments
    }
  })
}

/** The same for the application store of an offering that arrives. */
export function chooseAppStoreSegments(siteStore: Store, offering: string): StoreSegments {
  for (let copy = 1; ; copy += 1) {
    const segments = appStoreSegments(offering, copy)
    if (isFree(siteStore, segments) && recordedPaths(siteStore, [storePathOf(segments)]).size === 0) return segments
  }
}

function isFree(siteStore: Store, segments: StoreSegments): boolean {
  const isHeld = isReserved(siteStore, 'directory', foldCase(storePathOf(segments)))
  return !isHeld && !existsOnDisk(directoryOf(siteStore, segments))
}

function recordedPaths(siteStore: Store, paths: readonly string[]): Set<string> {
  const table = siteStore.typesOnDisk().find(type => type.typeName === 'substore' && type.version === 1)?.table
  if (table === undefined) return new Set()
  const rows = siteStore.sql.all<{ path: string }>(
    `SELECT storepath AS path FROM ${table} WHERE storepath IN (SELECT value FROM json_each(?))`,
    JSON.stringify(paths),
  )
  return new Set(rows.map(row => foldCase(row.path)))
}

function existsOnDisk(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
