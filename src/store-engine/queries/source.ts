import type { ItemType } from '../items/item-type.js'

/**
 * What stands in a FROM: the items of a type, or through a placeholder the same items once more. Told apart by
 * identity; which alias a source has is decided anew for each statement.
 */
export interface Source {
  readonly type: ItemType
}
