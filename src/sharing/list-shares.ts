import { foldCase } from '../base/address.js'
import type { Store } from '../store-engine/store.js'
import { findDefaultShareID } from './default-share.js'
import { namesIn, storeIDOf } from './get-share.js'
import { Role, Share } from './share-items.js'

/** A share as its store holds it; no code of the shared item is needed. */
export interface ListedShare {
  /** The storeID of the share itself. */
  readonly id: number
  readonly shareID: string
  /** The name of the role; null where that is gone, and then nobody sees it. */
  readonly role: string | null
  /** storeID of the shared item. */
  readonly item: number | null
  /** Its type; null where it is gone. */
  readonly type: string | null
  /** Dotted names, or `*`. */
  readonly interfaces: readonly string[]
  /** Whether it stands where no ID is named. */
  readonly isDefault: boolean
}

/** Every share of a store, the oldest first; read a page at a time. */
export function* listShares(store: Store): Generator<ListedShare> {
  const defaultID = findDefaultShareID(store)
  for (const share of store.query(Share)) {
    const { shareID, sharedInterfaceNames } = share
    const item = storeIDOf(share)
    yield {
      id: share.storeID,
      shareID,
      role: roleNameOf(share),
      item,
      type: store.typeNameOf(item) ?? null,
      interfaces: namesIn(sharedInterfaceNames),
      isDefault: defaultID !== undefined && foldCase(defaultID) === foldCase(shareID),
    }
  }
}

function roleNameOf(share: Share): string | null {
  const storeID = share.store.storedReference(share, 'sharedTo')
  const role = storeID === null ? undefined : share.store.findFirst(Role, Role.storeID.equals(storeID))
  return role?.externalID ?? null
}
