/**
 * The administrative powerups of one store: having, giving and taking them.
 *
 * That a store has them does not yet make its owner an administrator of the site that serves it; see
 * `administrative-rights`.
 */
import type { Item, ItemConstructor } from '../store-engine/items/item.js'
import { installedOn, installOn } from '../store-engine/powerups/dependency.js'
import { DependencyConnector, PowerupConnector } from '../store-engine/powerups/powerup.js'
import { and } from '../store-engine/queries/comparison.js'
import type { Store } from '../store-engine/store.js'
import {
  LocalUserBrowser,
  OfferingConfiguration,
  PortConfiguration,
  ProductConfiguration,
} from './site-items/administration.js'
import { INavigableElement } from './site-items/interfaces.js'
import { PrivateApplication } from './site-items/private-application.js'
import { WebSite } from './site-items/web-site.js'

/** What somebody may administer, by the powerup that says so. In the order in which the original installs them. */
const POWERUPS = {
  products: ProductConfiguration,
  ports: PortConfiguration,
  users: LocalUserBrowser,
  offerings: OfferingConfiguration,
} as const satisfies Record<string, ItemConstructor>

/**
 * `users` is everything about people: accounts, sessions, shares, events, the audit log; `offerings` is installing them
 * and endowing people with them; `ports` and `products` are what they say.
 */
export type AdministrativeRight = keyof typeof POWERUPS

export const ADMINISTRATIVE_RIGHTS = Object.keys(POWERUPS) as readonly AdministrativeRight[]

/** What an administrator needs to get at the pages; every person may have them. */
const PAGES: readonly ItemConstructor[] = [WebSite, PrivateApplication]

/** Whether a store with items of these types may bring rights along, wherever it is taken. */
export function bringsRights(itemTypes: readonly { readonly typeName: string }[]): boolean {
  return ADMINISTRATIVE_RIGHTS.some(right =>
    itemTypes.some(({ typeName }) => typeName === POWERUPS[right].itemType.typeName),
  )
}

/** The rights that a store says its owner has: an item that was uninstalled gives none. */
export function rightsIn(userStore: Store): ReadonlySet<AdministrativeRight> {
  return new Set(ADMINISTRATIVE_RIGHTS.filter(right => hasPowerup(userStore, POWERUPS[right])))
}

/** Whether the owner of a store has all administrative powerups. */
export function isAdministrator(userStore: Store): boolean {
  return (
    PAGES.every(each => userStore.findFirst(each) !== undefined) &&
    rightsIn(userStore).size === ADMINISTRATIVE_RIGHTS.length
  )
}

/** Gives a person's store the administrative powerups that it lacks, all or none; says whether any was missing. */
export function makeAdministrator(userStore: Store): boolean {
  return userStore.transact(() => {
    const pages = PAGES.filter(each => userStore.findFirst(each) === undefined)
    for (const itemClass of pages) installOn(userStore.create(itemClass, {}), userStore)
    const rights = ADMINISTRATIVE_RIGHTS.filter(right => !hasPowerup(userStore, POWERUPS[right]))
    for (const right of rights) install(userStore, POWERUPS[right])
    return pages.length + rights.length > 0
  })
}

/** Takes the rights away, all or none, and leaves the pages; says whether there were any. */
export function unmakeAdministrator(userStore: Store): boolean {
  return userStore.transact(() => {
    const rights = rightsIn(userStore)
    for (const right of rights)
      for (const item of [...userStore.query<ItemConstructor>(POWERUPS[right])]) disconnect(item)
    return rights.size > 0
  })
}

/** One that was uninstalled comes into force again. */
function install(userStore: Store, itemClass: ItemConstructor): void {
  const item = userStore.findFirst(itemClass) ?? userStore.create(itemClass, {})
  if (installedOn(item) === undefined) installOn(item, userStore)
  else userStore.powerUp(item)
}

/** Not `uninstallFrom`, which takes along what nobody else needs: the person keeps the private pages. */
function disconnect(item: Item): void {
  const { store } = item
  store.query(PowerupConnector, { where: PowerupConnector.powerup.equals(item) }).deleteFromStore()
  store.query(DependencyConnector, { where: DependencyConnector.installee.equals(item) }).deleteFromStore()
}

function hasPowerup(userStore: Store, itemClass: (typeof POWERUPS)[AdministrativeRight]): boolean {
  const { item, powerup, interface: face } = PowerupConnector
  const where = and(item.equals(userStore), face.equals(INavigableElement.name), powerup.equals(itemClass.storeID))
  return userStore.query([PowerupConnector, itemClass], { where, limit: 1 }).first() !== undefined
}
