import { UnsatisfiedRequirementError } from '../errors.js'
import type { Item } from '../items/item.js'
import type { Store } from '../store.js'
import { adapt } from './adapt.js'
import type { Interface } from './interface.js'

export interface SiteRequirement<T> {
  /** Makes the answer for an item of a substore whose parent has none. */
  readonly otherwise?: (siteStore: Store) => T
  /** Makes the answer for an item of a store without a parent: one opened on its own, or the site's own. */
  readonly onSite?: (store: Store) => T
}

/**
 * What the site's store answers with for an item of one of its substores. An item of a store without a parent never
 * gets the store's own powerup, only what `onSite` makes (the original's `requiresFromSite`).
 *
 *     get router() { return requireFromSite(this, IMessageRouter, { otherwise: site => new LocalRouter(site) }) }
 *
 * @throws UnsatisfiedRequirementError where the function that would have to be called is not given.
 */
export function requireFromSite<T>(item: Item, face: Interface<T>, options: SiteRequirement<T> = {}): T {
  const { parent } = item.store
  const found = parent === null ? undefined : adapt(parent, face)
  if (found !== undefined) return found
  const make = parent === null ? options.onSite : options.otherwise
  if (make === undefined)
    throw new UnsatisfiedRequirementError(`${(parent ?? item.store).describe()} has nothing that is a ${face.name}`)
  return make(parent ?? item.store)
}
