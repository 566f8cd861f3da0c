import type { Item } from '../store-engine/items/item.js'
import { findInterface, type Interface } from '../store-engine/powerups/interface.js'
import { and } from '../store-engine/queries/comparison.js'
import type { Store } from '../store-engine/store.js'
import { removeDefaultShare } from './default-share.js'
import { hasID, namesIn, storeIDOf } from './get-share.js'
import { ConflictingNamesError, NotShareableError, ShareIDTakenError } from './share-errors.js'
import { newShareID, parseShareID } from './share-id.js'
import { type Role, Share } from './share-items.js'
import { answererOf, unshareableMembers } from './shared-facet.js'

export interface ShareOptions {
  /** What the item is called in URLs; one that nobody can guess where it is left out. */
  readonly shareID?: string
  /** What of the item is shared; there is no "everything". */
  readonly interfaces: readonly Interface[]
}

/**
 * Shows an item of a store to a role of that store, and to its members. What was shared before stays: with an ID that
 * the item has already, the role gets the interfaces on top of those that it had.
 *
 * @throws InvalidShareIDError, ShareIDTakenError; NotShareableError for no interface, or one that the item does not
 *   answer for; ConflictingNamesError where two interfaces of the ID have a member of one name. Nothing is shared then.
 */
export function shareItem(role: Role, item: Item, options: ShareOptions): Share {
  return item.store.transact(() => {
    const { shareID, others } = planShare(item, options)
    const known = others.find(share => share.sharedTo === role)
    const names = options.interfaces.map(({ name }) => name)
    if (known === undefined) return item.store.create(Share, rowOf({ role, item, shareID, names }))
    const united = new Set([...namesIn(known.sharedInterfaceNames), ...names])
    if (!united.has('*')) known.sharedInterfaceNames = [...united].join(',')
    return known
  })
}

/** What sharing would come to. */
export interface PlannedShare {
  readonly shareID: string
  /** The shares that the item has by that ID already. */
  readonly others: readonly Share[]
}

/** Whether an item can be shared in that way; nothing is written. @throws as {@link shareItem} does. */
export function planShare(item: Item, { shareID: typed, interfaces }: ShareOptions): PlannedShare {
  const shareID = typed === undefined ? newShareID() : parseShareID(typed)
  assertShareable(item, interfaces)
  const others = sharesWithID(item.store, shareID)
  const foreign = others.find(share => storeIDOf(share) !== item.storeID)
  if (foreign !== undefined) throw new ShareIDTakenError(shareID, storeIDOf(foreign) ?? 0)
  assertNoConflict([...others.flatMap(facesOf), ...interfaces])
  return { shareID, others }
}

/** Which shares of an item to end; all of them where nothing is said. */
export interface UnshareOptions {
  readonly role?: Role
  readonly shareID?: string
}

/** Ends shares of an item. Nothing shared is not an error. Returns how many it were. */
export function unshare(item: Item, { role, shareID }: UnshareOptions = {}): number {
  const conditions = [
    Share.sharedItem.equals(item),
    ...(role === undefined ? [] : [Share.sharedTo.equals(role)]),
    ...(shareID === undefined ? [] : [hasID(shareID)]),
  ]
  return item.store.transact(() => {
    const shares = item.store.query(Share, { where: and(...conditions) }).toArray()
    for (const share of shares) removeShare(share)
    return shares.length
  })
}

/** Ends a share; the last one of its ID is the default share no more. */
export function removeShare(share: Share): void {
  const { store, shareID } = share
  store.transact(() => {
    share.deleteFromStore()
    if (sharesWithID(store, shareID).length === 0) removeDefaultShare(store, shareID)
  })
}

/** The shares of an item, the oldest first. */
export function sharesOf(item: Item): readonly Share[] {
  return item.store.query(Share, { where: Share.sharedItem.equals(item), sort: Share.storeID.ascending }).toArray()
}

function rowOf(given: { role: Role; item: Item; shareID: string; names: readonly string[] }) {
  const { role: sharedTo, item: sharedItem, shareID, names } = given
  return { sharedTo, sharedItem, shareID, sharedInterfaceNames: [...new Set(names)].join(',') }
}

function sharesWithID(store: Store, shareID: string): readonly Share[] {
  return store.query(Share, { where: hasID(shareID), sort: Share.storeID.ascending }).toArray()
}

function facesOf({ sharedInterfaceNames }: Share): readonly Interface[] {
  return namesIn(sharedInterfaceNames).flatMap(name => findInterface(name) ?? [])
}

function assertShareable(item: Item, faces: readonly Interface[]): void {
  if (faces.length === 0) throw new NotShareableError('nothing', 'no interface is named')
  for (const face of faces) {
    const [forbidden] = unshareableMembers(face)
    if (forbidden !== undefined) throw new NotShareableError(face.name, `its member ${forbidden} is nobody's`)
    if (answererOf(item, face) === undefined)
      throw new NotShareableError(face.name, `item ${item.storeID} does not answer for it`)
  }
}

function assertNoConflict(faces: readonly Interface[]): void {
  const owners = new Map<string, string>()
  for (const { name, members } of faces) {
    for (const member of members) {
      const owner = owners.get(member) ?? name
      if (owner !== name) throw new ConflictingNamesError(member, [owner, name])
      owners.set(member, name)
    }
  }
}
