import { integer, text } from '../store-engine/attributes/attributes.js'
import { item } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'
import type { Store } from '../store-engine/store.js'
import { parseShareID } from './share-id.js'

/** "What is shared by this ID stands where no ID is named", at the end of the owner's URL. */
export class DefaultShareID extends item({
  typeName: 'xmantissa_websharing__defaultshareid',
  version: 1,
  module: 'xmantissa.websharing',
  attributes: {
    shareID: text({ allowNull: false }),
    priority: integer({ doc: 'The highest one counts.' }),
  },
}) {}

registerItemTypes(DefaultShareID)

/** The ID that counts: the one of the highest priority, the oldest of several; undefined where there is none. */
export function findDefaultShareID(store: Store): string | undefined {
  return store.findFirst(DefaultShareID, undefined, { sort: HIGHEST_FIRST })?.shareID
}

/** Adds an ID, or changes its priority; which one counts is decided by the priorities. */
export function addDefaultShareID(store: Store, shareID: string, priority: number): void {
  const parsed = parseShareID(shareID)
  store.transact(() => {
    const known = store.findFirst(DefaultShareID, DefaultShareID.shareID.equals(parsed))
    if (known === undefined) store.create(DefaultShareID, { shareID: parsed, priority })
    else if (known.priority !== priority) known.priority = priority
  })
}

/** Makes an ID the one that counts, above all that counted before. */
export function setDefaultShare(store: Store, shareID: string): void {
  store.transact(() => {
    const first = store.findFirst(DefaultShareID, undefined, { sort: HIGHEST_FIRST })
    if (first?.shareID === shareID) return
    addDefaultShareID(store, shareID, first === undefined ? 0 : (first.priority ?? 0) + 1)
  })
}

/** Makes an ID no default; not being one is not an error. */
export function removeDefaultShare(store: Store, shareID: string): void {
  store.query(DefaultShareID, { where: DefaultShareID.shareID.equals(shareID) }).deleteFromStore()
}

const HIGHEST_FIRST = [DefaultShareID.priority.descending, DefaultShareID.storeID.ascending]
