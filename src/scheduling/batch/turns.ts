import type { Item, ItemConstructor } from '../../store-engine/items/item.js'
import { StoreIDColumn } from '../../store-engine/queries/store-id-column.js'
import { type ReliableListener, ReliableTracker } from './reliable-listener.js'

/** An item whose turn it is with a listener. */
export interface Turn {
  readonly unit: Item
  /** Notes that it has had its turn. */
  take(): void
}

/** What a listener is to be given next: what was asked for again, then newer items, then older ones. */
export function nextTurn(reliable: ReliableListener, unitClass: ItemConstructor): Turn | undefined {
  return trackedTurn(reliable, unitClass) ?? forwardTurn(reliable, unitClass) ?? backwardTurn(reliable, unitClass)
}

function trackedTurn(reliable: ReliableListener, unitClass: ItemConstructor): Turn | undefined {
  const trackers = reliable.store.query(ReliableTracker, { where: ReliableTracker.listener.equals(reliable) })
  for (const tracker of trackers) {
    // Its item may have been deleted; then there is nothing to give.
    const unit = tracker.item
    if (unit instanceof unitClass) return { unit, take: () => tracker.deleteFromStore() }
  }
  return undefined
}

function forwardTurn(reliable: ReliableListener, unitClass: ItemConstructor): Turn | undefined {
  const storeID = new StoreIDColumn(unitClass.itemType.source)
  const where = storeID.greaterThan(reliable.forwardMark ?? 0)
  const unit = reliable.store.findFirst(unitClass, where, { sort: storeID.ascending })
  const take = (): void => {
    reliable.forwardMark = unit?.storeID ?? null
  }
  return unit && { unit, take }
}

function backwardTurn(reliable: ReliableListener, unitClass: ItemConstructor): Turn | undefined {
  const storeID = new StoreIDColumn(unitClass.itemType.source)
  const where = storeID.lessThan(reliable.backwardMark ?? 0)
  const unit = reliable.store.findFirst(unitClass, where, { sort: storeID.descending })
  const take = (): void => {
    reliable.backwardMark = unit?.storeID ?? null
  }
  return unit && { unit, take }
}
