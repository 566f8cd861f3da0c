import type { ItemConstructor } from '../store-engine/items/item.js'
import { installOn } from '../store-engine/powerups/dependency.js'
import type { Store } from '../store-engine/store.js'
import {
  LocalUserBrowser,
  OfferingConfiguration,
  PortConfiguration,
  ProductConfiguration,
} from './site-items/administration.js'
import { PrivateApplication } from './site-items/private-application.js'
import { WebSite } from './site-items/web-site.js'

/** In the order in which the original installs them. */
const ADMINISTRATIVE: readonly ItemConstructor[] = [
  WebSite,
  PrivateApplication,
  ProductConfiguration,
  PortConfiguration,
  LocalUserBrowser,
  OfferingConfiguration,
]

/** Who owns one of these may change the site that serves the store. The others are every person's. */
const RIGHTS: readonly ItemConstructor[] = [
  ProductConfiguration,
  PortConfiguration,
  LocalUserBrowser,
  OfferingConfiguration,
]

/** Whether a store with items of these types makes its owner an administrator, partly or wholly, wherever it is taken. */
export function bringsRights(itemTypes: readonly { readonly typeName: string }[]): boolean {
  return RIGHTS.some(({ itemType }) => itemTypes.some(({ typeName }) => typeName === itemType.typeName))
}

/** Whether the owner of a store has all administrative powerups. */
export function isAdministrator(userStore: Store): boolean {
  return ADMINISTRATIVE.every(each => userStore.findFirst(each) !== undefined)
}

/** Gives a person's store the administrative powerups that it lacks, all or none; says whether any was missing. */
export function makeAdministrator(userStore: Store): boolean {
  return userStore.transact(() => {
    const missing = ADMINISTRATIVE.filter(each => userStore.findFirst(each) === undefined)
    for (const itemClass of missing) installOn(userStore.create(itemClass, {}), userStore)
    return missing.length > 0
  })
}
