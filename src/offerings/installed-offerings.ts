import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'
import { InstalledOffering } from './installed-offering.js'
import { OfferingNotInstalledError } from './offering-errors.js'

/** The names of what is installed, in the order of installation. */
export function getInstalledOfferingNames(siteStore: Store): readonly string[] {
  return siteStore
    .query(InstalledOffering, { sort: InstalledOffering.storeID.ascending })
    .toArray()
    .map(installed => installed.offeringName)
}

/** The record of an installation; letters compare without case, as the account of that name does. */
export function findInstalledOffering(siteStore: Store, name: string): InstalledOffering | undefined {
  return siteStore.findFirst(InstalledOffering, InstalledOffering.offeringName.equals(name))
}

/** @throws OfferingNotInstalledError */
export function getInstalledOffering(siteStore: Store, name: string): InstalledOffering {
  const found = findInstalledOffering(siteStore, name)
  if (found === undefined) throw new OfferingNotInstalledError(name)
  return found
}

/**
 * The application store of an installed offering, open; closing the site closes it.
 * @throws OfferingNotInstalledError, also where the record has lost its store.
 */
export function openAppStore(site: Site, name: string): Store {
  const application = getInstalledOffering(site.store, name).application
  if (application === null) throw new OfferingNotInstalledError(name)
  return application.open({ readonly: site.readonly })
}

/** Whether a store is the application store of an offering of its parent; a user's store and a site's are not. */
export function isAppStore(store: Store): boolean {
  const { parent, idInParent } = store
  if (parent === null || idInParent === null) return false
  const own = parent.getItemById(idInParent) as SubStore
  return parent.findFirst(InstalledOffering, InstalledOffering.application.equals(own)) !== undefined
}
