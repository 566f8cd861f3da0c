import { UnknownItemTypeError } from '../../store-engine/errors.js'
import { Item } from '../../store-engine/items/item.js'
import type { Store } from '../../store-engine/store.js'
import { type DescribedPort, describePort } from './describe-ports.js'
import { isPort, type PortItem } from './endpoint-of-port.js'
import { PortNotFoundError } from './port-errors.js'

/** What {@link deletePorts} would delete. @throws PortNotFoundError */
export function planDeletion(siteStore: Store, storeIDs: readonly number[]): readonly DescribedPort[] {
  return [...new Set(storeIDs)].map(storeID => describePort(siteStore, portOf(siteStore, storeID)))
}

/** Deletes ports of a site, all or none; returns what they were. @throws PortNotFoundError; nothing was deleted. */
export function deletePorts(siteStore: Store, storeIDs: readonly number[]): readonly DescribedPort[] {
  return siteStore.transact(() => {
    const described = planDeletion(siteStore, storeIDs)
    for (const { storeID } of described) {
      if (storeID === null) continue
      portOf(siteStore, storeID).deleteFromStore()
      siteStore.powerups.forget(storeID)
    }
    return described
  })
}

function portOf(siteStore: Store, storeID: number): PortItem {
  if (!Number.isSafeInteger(storeID) || siteStore.typeNameOf(storeID) === undefined)
    throw new PortNotFoundError(storeID, 'item')
  const found = loaded(siteStore, storeID)
  if (found instanceof Item && isPort(found)) return found
  throw new PortNotFoundError(storeID, 'port')
}

/** A type without code here is none of a port. */
function loaded(siteStore: Store, storeID: number): unknown {
  try {
    return siteStore.getItemById(storeID)
  } catch (error) {
    if (error instanceof UnknownItemTypeError) return undefined
    throw error
  }
}
