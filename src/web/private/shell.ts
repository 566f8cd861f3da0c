/**
 * What the owner of a store finds in it: the tabs, and the page of any item.
 *
 * Everything hangs on the store's PrivateApplication, which has the key of its private addresses. The original gives one
 * to those who may log in with a browser; here whoever has a password may, so a store without one gets it, with all that
 * it depends on, when its owner first comes to see the private pages. It gives no rights.
 *
 * A tab is an item whose page names one and that is a powerup of the store: what was taken away from somebody leaves the
 * navigation, and its page, at once, though the item stays. They stand in the order of their priority for
 * INavigableElement, as in the original, where they have one, and then by their words. There is one level of them.
 */
import { randomBytes } from 'node:crypto'
import { IntegrityError } from '../../base/errors.js'
import { INavigableElement } from '../../offerings/site-items/interfaces.js'
import { PrivateApplication } from '../../offerings/site-items/private-application.js'
import { findPrivatePage, type PrivatePage, tabbedTypes } from '../../sharing/pages/private-page.js'
import { UnknownItemTypeError } from '../../store-engine/errors.js'
import type { Item, ItemConstructor } from '../../store-engine/items/item.js'
import { findItemClass } from '../../store-engine/items/registry.js'
import { installOn } from '../../store-engine/powerups/dependency.js'
import { PowerupConnector } from '../../store-engine/powerups/powerup.js'
import { and } from '../../store-engine/queries/comparison.js'
import type { Store } from '../../store-engine/store.js'

export interface Tab {
  readonly words: string
  readonly item: Item
}

/** An item and what shows it. */
export interface FoundPage {
  readonly item: Item
  readonly page: PrivatePage<Item>
}

/** The key of a store's private addresses. The store is written only where it has none. */
export function privateKeyOf(userStore: Store): bigint {
  return findApplication(userStore)?.privateKey ?? userStore.transact(() => provideKey(userStore))
}

/** The tabs of a store, in order. */
export function tabsOf(userStore: Store): readonly Tab[] {
  const found = tabbedTypes().flatMap(typeName => findItemClass(typeName) ?? [])
  const ranked = found.flatMap(itemClass => tabOf(userStore, itemClass))
  return ranked.sort((a, b) => b.rank - a.rank || a.words.localeCompare(b.words))
}

/** Undefined for a number that is no item's, for items without a page, and for powerups that were taken away. */
export function findPage(userStore: Store, storeID: number): FoundPage | undefined {
  const item = findItem(userStore, storeID)
  const page = item && findPrivatePage(item.constructor as ItemConstructor)
  if (item === undefined || page === undefined) return undefined
  return page.tab === undefined || connectorsOf(item).length > 0 ? { item, page } : undefined
}

function findApplication(userStore: Store): PrivateApplication | undefined {
  return userStore.findFirst(PrivateApplication, undefined, { sort: PrivateApplication.storeID.ascending })
}

function provideKey(userStore: Store): bigint {
  const application = findApplication(userStore) ?? installApplication(userStore)
  application.privateKey ??= randomBytes(8).readBigUInt64BE() >> 1n
  return application.privateKey
}

function installApplication(userStore: Store): PrivateApplication {
  const application = userStore.create(PrivateApplication, {})
  installOn(application, userStore)
  return application
}

type RankedTab = Tab & { readonly rank: number }

/** An application whose items cannot be read here, say for want of an upgrader, has no tab, and takes none from others. */
function tabOf(userStore: Store, itemClass: ItemConstructor): readonly RankedTab[] {
  const words = findPrivatePage(itemClass)?.tab
  try {
    return words === undefined ? [] : firstPowerup(userStore, itemClass, words)
  } catch (error) {
    if (error instanceof IntegrityError) return []
    throw error
  }
}

/** One for a class: the first that is a powerup. */
function firstPowerup(userStore: Store, itemClass: ItemConstructor, words: string): readonly RankedTab[] {
  for (const item of userStore.query(itemClass)) {
    const connectors = connectorsOf(item)
    if (connectors.length === 0) continue
    const navigable = connectors.find(each => each.interface === INavigableElement.name)
    return [{ words, item, rank: navigable?.priority ?? 0 }]
  }
  return []
}

function connectorsOf(item: Item): readonly PowerupConnector[] {
  const where = and(PowerupConnector.powerup.equals(item), PowerupConnector.item.equals(item.store))
  return item.store.query(PowerupConnector, { where }).toArray()
}

function findItem(userStore: Store, storeID: number): Item | undefined {
  try {
    return userStore.findItemById(storeID)
  } catch (error) {
    if (error instanceof UnknownItemTypeError) return undefined
    throw error
  }
}
