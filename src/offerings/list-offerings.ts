import type { Site } from '../site/site.js'
import { findTombstone, listTombstones } from '../site/tombstones.js'
import { type DeclaredOffering, type DeclaredPowerup, listDeclaredOfferings } from './declarations.js'
import { countEndowed } from './endowments.js'
import { InstalledOffering } from './installed-offering.js'
import { OfferingNotFoundError } from './offering-errors.js'

/** An offering that is installed on a site, or could be. */
export interface OfferingState {
  readonly name: string
  /** `moved`: its application store is at another site now; installing it here begins it anew. */
  readonly status: 'installed' | 'available' | 'moved'
  /** Null when nothing this site may load declares it, as for the original's own offerings. */
  readonly version: string | null
  readonly description: string | null
  /** `bundled`, the directory of its package, or null when its code is not at hand. */
  readonly source: string | null
  /** The application store, below the site's directory; null when it is not installed. */
  readonly store: string | null
  /** Where its application store went; null unless it has moved away and the offering was not installed anew. */
  readonly movedTo: string | null
  /** Other offerings that must be installed with it. */
  readonly requires: readonly string[]
  /** How many accounts were endowed with something of it. */
  readonly users: number
  readonly powerups: readonly DeclaredPowerup[] | null
}

/** What is installed, in the order of installation, then what has moved away or could be. Runs no code of any offering. */
export function listOfferings(site: Site): readonly OfferingState[] {
  const declared = listDeclaredOfferings(site)
  const installed = [...site.store.query(InstalledOffering)]
  const names = new Set(installed.map(each => each.offeringName))
  const others = new Set([...movedNames(site), ...declared.map(({ name }) => name)])
  return [
    ...installed.map(each => stateOf(site, each.offeringName, declared, storeOf(site, each))),
    ...[...others].filter(name => !names.has(name)).map(name => stateOf(site, name, declared, null)),
  ]
}

/** @throws OfferingNotFoundError */
export function getOfferingState(site: Site, name: string): OfferingState {
  const all = listOfferings(site)
  const found = all.find(each => each.name === name)
  if (found !== undefined) return found
  throw new OfferingNotFoundError(
    name,
    all.map(each => each.name),
  )
}

function stateOf(site: Site, name: string, declared: readonly DeclaredOffering[], store: string | null): OfferingState {
  const known = declared.find(each => each.name === name)
  const stone = store === null ? findTombstone(site, { localpart: name, domain: null }) : undefined
  return {
    name,
    status: store !== null ? 'installed' : stone === undefined ? 'available' : 'moved',
    version: known?.version ?? null,
    description: known?.description ?? null,
    source: known?.source ?? null,
    store,
    movedTo: stone === undefined ? null : (stone.targetPath ?? stone.publicUrl ?? 'another site'),
    requires: known?.requires ?? [],
    users: countEndowed(site, name),
    powerups: known?.powerups ?? null,
  }
}

/** Names without a domain are those of application stores. */
function* movedNames(site: Site): Generator<string> {
  for (const { address } of listTombstones(site)) if (!address.includes('@')) yield address
}

function storeOf(site: Site, installed: InstalledOffering): string {
  const path = installed.application?.storepath
  return path?.startsWith(`${site.directory}/`) ? path.slice(site.directory.length + 1) : (path ?? '')
}
