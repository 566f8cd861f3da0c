import { UnknownItemTypeError } from '../store-engine/errors.js'
import type { Item, ItemConstructor } from '../store-engine/items/item.js'
import { findInterface, type Interface } from '../store-engine/powerups/interface.js'
import { and, or } from '../store-engine/queries/comparison.js'
import type { Store } from '../store-engine/store.js'
import { NoSuchShareError } from './share-errors.js'
import { Share } from './share-items.js'
import { allInterfacesOf, answererOf, type Facet, makeFacet } from './shared-facet.js'
import { type Audience, sharedWith } from './shared-with.js'

/** An item as somebody may see it. */
export interface SharedItem {
  /** As the store spells it. */
  readonly shareID: string
  /** The item type, by which renderers are found. */
  readonly typeName: string
  /** What is shared with the one who asked, in the order of the shares. */
  readonly interfaces: readonly Interface[]
  readonly facet: Facet
}

/** The facet as one of its interfaces; undefined where that one is not shared. */
export function facetAs<T>({ interfaces, facet }: SharedItem, face: Interface<T>): T | undefined {
  return interfaces.some(({ name }) => name === face.name) ? (facet as T) : undefined
}

/**
 * What a store shows to somebody under an ID. The interfaces of all its shares that are meant for them come together, so
 * one ID shows different facets to different people. What is not there and what is shared with others only is the same,
 * by the same query.
 *
 * Where an old store uses one ID for several items, everybody sees the first of those that they may see, and no
 * interface of another.
 * @throws NoSuchShareError
 */
export function getShare(store: Store, audience: Audience, shareID: string): SharedItem {
  const found = findShare(store, audience, shareID)
  if (found === undefined) throw new NoSuchShareError(shareID)
  return found
}

/** The same, undefined where {@link getShare} throws. */
export function findShare(store: Store, audience: Audience, shareID: string): SharedItem | undefined {
  if (shareID === '' || shareID.includes('\0') || !shareID.isWellFormed()) return undefined
  const where = and(hasID(shareID), sharedWith(audience))
  return sharedItem(store.query(Share, { where, sort: Share.storeID.ascending }).toArray())
}

/** Of shares that somebody may see, those of one ID and the item that the first is of; undefined where nothing is shown. */
export function sharedItem(visible: readonly Share[]): SharedItem | undefined {
  const [first] = visible
  const item = first === undefined ? undefined : itemOf(first)
  if (first === undefined || item === undefined) return undefined
  const same = visible.filter(share => share === first || storeIDOf(share) === item.storeID)
  const interfaces = interfacesOf(item, same)
  if (interfaces.length === 0) return undefined
  const { typeName } = (item.constructor as ItemConstructor).itemType
  return { shareID: first.shareID, typeName, interfaces, facet: makeFacet(item, interfaces) }
}

/** Shares of an ID, as typed or in NFC. */
export function hasID(shareID: string) {
  const normal = shareID.normalize('NFC')
  const asTyped = Share.shareID.equals(shareID)
  return normal === shareID ? asTyped : or(asTyped, Share.shareID.equals(normal))
}

/** The number of the shared item, which may be gone. */
export function storeIDOf(share: Share): number | null {
  return share.store.storedReference(share, 'sharedItem')
}

/** Undefined where the item is gone, or of a type without code here: nobody can say what it shows. */
function itemOf(share: Share): Item | undefined {
  const storeID = storeIDOf(share)
  try {
    return storeID === null ? undefined : share.store.findItemById(storeID)
  } catch (error) {
    if (error instanceof UnknownItemTypeError) return undefined
    throw error
  }
}

/** Each once. A name that no code has defined, or for which the item has no answer, shares nothing. */
function interfacesOf(item: Item, shares: readonly Share[]): readonly Interface[] {
  const faces = new Map<string, Interface>()
  for (const { sharedInterfaceNames } of shares) {
    const named = namesIn(sharedInterfaceNames).flatMap(name => findInterface(name) ?? [])
    for (const face of sharedInterfaceNames === '*' ? allInterfacesOf(item) : named)
      if (!faces.has(face.name) && answererOf(item, face) !== undefined) faces.set(face.name, face)
  }
  return [...faces.values()]
}

/** The names of interfaces as a share holds them. */
export function namesIn(sharedInterfaceNames: string): readonly string[] {
  return sharedInterfaceNames === '' ? [] : sharedInterfaceNames.split(',')
}
