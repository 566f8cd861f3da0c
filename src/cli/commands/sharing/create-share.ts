import { foldCase } from '../../../base/address.js'
import { findDefaultShareID, setDefaultShare } from '../../../sharing/default-share.js'
import { namesIn } from '../../../sharing/get-share.js'
import { interfacesByName } from '../../../sharing/named-interfaces.js'
import { getRole, lookUpRole } from '../../../sharing/named-roles.js'
import { planShare, shareItem } from '../../../sharing/share-item.js'
import { ItemNotFoundError } from '../../../store-engine/errors.js'
import { Item } from '../../../store-engine/items/item.js'
import type { Store } from '../../../store-engine/store.js'
import { linkToShare } from '../../../web/sharing/share-links.js'
import type { ShareCreateOptions } from './share-create.js'
import type { ChangedShare } from './share-view.js'
import type { SharingStore } from './sharing-store.js'

/** Shares an item as `share create` was told to, or finds out in a dry run whether it could. */
export function createShare(place: SharingStore, given: ShareCreateOptions, dryRun: boolean): ChangedShare {
  const { store, address } = place
  const item = getItem(store, given.item)
  const interfaces = interfacesByName(item, given.interface)
  const options = { interfaces, ...(given.id === undefined ? {} : { shareID: given.id }) }
  const { others } = planShare(item, options)
  const role = lookUpRole(store, given.to)
  const known = others.find(each => each.sharedTo.externalID === role)
  const wanted = interfaces.map(({ name }) => name)
  const names = [...new Set([...namesIn(known?.sharedInterfaceNames ?? ''), ...wanted])]
  const outcome = { address, role, item: item.storeID, interfaces: names }
  if (
    known !== undefined &&
    names.join() === known.sharedInterfaceNames &&
    isDefaultEnough(store, known.shareID, given)
  )
    return { ...outcome, status: 'already', shareID: known.shareID, path: linkToShare(store, known.shareID) }
  if (dryRun) return { ...outcome, status: 'planned', shareID: given.id ?? null, path: null }
  const shareID = store.transact(() => {
    const share = shareItem(getRole(store, given.to), item, options)
    if (given.default) setDefaultShare(store, share.shareID)
    return share.shareID
  })
  return { ...outcome, status: 'created', shareID, path: linkToShare(store, shareID) }
}

function getItem(store: Store, storeID: number): Item {
  const found = store.getItemById(storeID)
  if (found instanceof Item) return found
  throw new ItemNotFoundError(`${store.describe()} has no item ${storeID}`)
}

function isDefaultEnough(store: Store, shareID: string, given: ShareCreateOptions): boolean {
  return given.default !== true || foldCase(findDefaultShareID(store) ?? '') === foldCase(shareID)
}
