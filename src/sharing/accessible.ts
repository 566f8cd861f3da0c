import { foldCase } from '../base/address.js'
import type { Item } from '../store-engine/items/item.js'
import { and } from '../store-engine/queries/comparison.js'
import { Query } from '../store-engine/queries/query.js'
import type { Store } from '../store-engine/store.js'
import { type SharedItem, sharedItem, storeIDOf } from './get-share.js'
import { Share } from './share-items.js'
import { type Audience, sharedWith } from './shared-with.js'

/** Items that are read at a time. */
const PAGE = 100

/**
 * What a query finds, as somebody may see it: each item that is shared with them once, in the query's order, under the
 * first of its IDs. Limit and offset of the query count what they may see, so private items in between shift nothing.
 *
 * It reads a page at a time and stops when it has enough. Two items of one ID, which old stores may hold, are shown as
 * {@link findShare} does: the first.
 */
export function* asAccessibleTo(audience: Audience, query: Query<Item>): Generator<SharedItem> {
  const { limit = Number.POSITIVE_INFINITY, offset = 0 } = query.selection.options
  let place = 0
  for (const page of visibleItems(audience, query).paginate(PAGE)) {
    for (const shared of sharedOf(audience, page)) {
      if (place >= offset + limit) return
      if (place >= offset) yield shared
      place += 1
    }
  }
}

/** Without limits: what is shared through interfaces that nobody knows is found, and then not shown. */
function visibleItems(audience: Audience, query: Query<Item>): Query<Item> {
  const { engine, targets, options } = query.selection
  const [target] = targets
  const shared = engine.store.query(Share, { where: sharedWith(audience) }).column(Share.sharedItem)
  const isShared = query.selected.oneOf(shared)
  const where = options.where === undefined ? isShared : and(options.where, isShared)
  return target === undefined ? query : new Query(engine, target, { sort: options.sort, where })
}

function* sharedOf(audience: Audience, items: readonly Item[]): Generator<SharedItem> {
  const [first] = items
  if (first === undefined) return
  const groups = groupsByItem(sharesOfAll(first.store, audience, items))
  for (const { storeID } of items) {
    for (const group of groups.get(storeID) ?? []) {
      const shared = sharedItem(group)
      if (shared === undefined) continue
      yield shared
      break
    }
  }
}

/** For each item the shares that make up its IDs; an ID belongs to the item of its first share. */
function groupsByItem(shares: readonly Share[]): ReadonlyMap<number | null, readonly (readonly Share[])[]> {
  const byID = groupBy(shares, ({ shareID }) => foldCase(shareID))
  return groupBy(byID.values(), ([share]) => (share === undefined ? null : storeIDOf(share)))
}

function groupBy<T, K>(values: Iterable<T>, keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}

/** The shares of some items, with all others of the same IDs. */
function sharesOfAll(store: Store, audience: Audience, items: readonly Item[]): readonly Share[] {
  const visible = sharedWith(audience)
  const own = store.query(Share, { where: and(Share.sharedItem.oneOf([...items]), visible) }).column(Share.shareID)
  return store.query(Share, { where: and(Share.shareID.oneOf(own), visible), sort: Share.storeID.ascending }).toArray()
}
