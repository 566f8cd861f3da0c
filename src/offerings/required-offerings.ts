import { foldCase } from '../base/address.js'
import type { Site } from '../site/site.js'
import { listDeclaredOfferings } from './declarations.js'
import { findInstalledOffering } from './installed-offerings.js'
import { OfferingRequiresError } from './offering-errors.js'

/**
 * The offerings whose application stores this one uses, as its package declares, and which the site has not installed.
 * None of their code is run.
 */
export function missingOfferings(site: Site, offering: string): readonly string[] {
  const declared = listDeclaredOfferings(site).find(({ name }) => name === offering)
  return (declared?.requires ?? []).filter(name => findInstalledOffering(site.store, name) === undefined)
}

/** @throws OfferingRequiresError */
export function assertRequiredInstalled(site: Site, offering: string): void {
  const missing = missingOfferings(site, offering)
  if (missing.length > 0) throw new OfferingRequiresError(offering, missing, site.directory)
}

/** The installed offerings that declare that they use this one. */
export function dependentOfferings(site: Site, offering: string): readonly string[] {
  const isMeant = (name: string) => foldCase(name) === foldCase(offering)
  return listDeclaredOfferings(site)
    .filter(({ name, requires }) => requires.some(isMeant) && findInstalledOffering(site.store, name) !== undefined)
    .map(({ name }) => name)
}
