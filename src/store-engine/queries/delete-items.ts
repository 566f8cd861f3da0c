import { Item, type ItemConstructor } from '../items/item.js'
import { ReferrerRules } from '../items/referrer-rules.js'
import type { Query } from './query.js'

/**
 * See Query.deleteFromStore. Where nobody could tell the difference, rows go at once: the class hears of no deletion,
 * and no reference forbids or follows one.
 */
export function deleteItems(query: Query<Item>, itemClass: ItemConstructor): number {
  const { engine } = query.selection
  return engine.transactions.write(() => {
    const storeIDs = [...new Set(query.ids())]
    if (storeIDs.length === 0) return 0
    const rules = new ReferrerRules(engine.store)
    const quiet =
      isQuiet(itemClass) && !engine.writer.isDeleting && !rules.concern(itemClass.itemType.typeName, storeIDs)
    if (quiet) engine.writer.deleteRows(itemClass, storeIDs)
    else for (const item of new Set(query)) if (item.isStored) item.deleteFromStore()
    return storeIDs.length
  })
}

function isQuiet({ prototype }: ItemConstructor): boolean {
  const { deleted, deleteFromStore } = prototype as Item
  return deleted === Item.prototype.deleted && deleteFromStore === Item.prototype.deleteFromStore
}
