/**
 * Products and installations, as the original records them.
 *
 * A product in the site store lists the powerup classes that it consists of; an installation in a user store says that
 * its classes were installed there and which items that made. Here every installable powerup is a product of its own,
 * so that any of them can be given and taken alone. A class that an administrator of the original has put into a
 * larger product stays there: a class is in one product at most.
 */

import type { ItemConstructor } from '../store-engine/items/item.js'
import { installedOn, installOn, uninstallFrom } from '../store-engine/powerups/dependency.js'
import type { Store } from '../store-engine/store.js'
import { classNameOf } from './offering.js'
import { Installation, Product } from './product-items.js'

/** Makes sure that the class is in a product. */
export function recordProduct(siteStore: Store, className: string): void {
  for (const product of siteStore.query(Product)) if (product.types?.includes(className)) return
  siteStore.create(Product, { types: [className] })
}

/** The installation that a class belongs to, or undefined. */
export function findInstallation(userStore: Store, className: string): Installation | undefined {
  for (const installation of userStore.query(Installation))
    if (installation.types?.includes(className)) return installation
  return undefined
}

/** Installs one instance of a powerup class; data that an earlier installation left is taken up again. */
export function installPowerup(userStore: Store, itemClass: ItemConstructor): void {
  const installation = userStore.create(Installation, { types: [classNameOf(itemClass)] })
  const powerup = userStore.findFirst(itemClass) ?? userStore.create(itemClass, {})
  if (installedOn(powerup) === undefined) installOn(powerup, userStore)
  installation._items = [String(powerup.storeID)]
}

/**
 * Powers down what an installation has installed of a class, and forgets it. The items themselves stay.
 * @throws DependencyError when another powerup needs it; run it in a transaction.
 */
export function uninstallPowerup(userStore: Store, installation: Installation, itemClass: ItemConstructor): void {
  const className = classNameOf(itemClass)
  const items = (installation._items ?? []).filter(id => {
    const powerup = userStore.findItemById(Number(id))
    if (!(powerup instanceof itemClass)) return true
    if (installedOn(powerup) !== undefined) uninstallFrom(powerup, userStore)
    return false
  })
  const types = (installation.types ?? []).filter(each => each !== className)
  if (types.length === 0) installation.deleteFromStore()
  else Object.assign(installation, { types, _items: items })
}
