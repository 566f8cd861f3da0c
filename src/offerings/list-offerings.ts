import type { Site } from '../site/site.js'
import { type DeclaredOffering, type DeclaredPowerup, listDeclaredOfferings } from './declarations.js'
import { countEndowed } from './endowments.js'
import { InstalledOffering } from './installed-offering.js'
import { OfferingNotFoundError } from './offering-errors.js'

/** An offering that is installed on a site, or could be. */
export interface OfferingState {
  readonly name: string
  readonly status: 'installed' | 'available'
  /** Null when nothing this site may load declares it, as for the original's own offerings. */
  readonly version: string | null
  readonly description: string | null
  /** `bundled`, the directory of its package, or null when its code is not at hand. */
  readonly source: string | null
  /** The application store, below the site's directory; null when it is not installed. */
  readonly store: string | null
  /** How many accounts were endowed with something of it. */
  readonly users: number
  readonly powerups: readonly DeclaredPowerup[] | null
}

/** What is installed, in the order of installation, then what could be. Runs no code of any offering. */
export function listOfferings(site: Site): readonly OfferingState[] {
  const declared = listDeclaredOfferings(site)
  const installed = [...site.store.query(InstalledOffering)]
  const names = new Set(installed.map(each => each.offeringName))
  return [
    ...installed.map(each => stateOf(site, each.offeringName, declared, storeOf(site, each))),
    ...declared.filter(({ name }) => !names.has(name)).map(({ name }) => stateOf(site, name, declared, null)),
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
  return {
    name,
    status: store === null ? 'available' : 'installed',
    version: known?.version ?? null,
    description: known?.description ?? null,
    source: known?.source ?? null,
    store,
    users: countEndowed(site, name),
    powerups: known?.powerups ?? null,
  }
}

function storeOf(site: Site, installed: InstalledOffering): string {
  const path = installed.application?.storepath
  return path?.startsWith(`${site.directory}/`) ? path.slice(site.directory.length + 1) : (path ?? '')
}
