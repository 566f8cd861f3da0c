import { ConstraintError, NoUpgradePathError, UnknownItemTypeError } from '../errors.js'
import type { Item, ItemConstructor } from '../items/item.js'
import { genericRow } from '../schema/generic-rows.js'
import type { Store } from '../store.js'

interface LegacyState {
  readonly typeName: string
  readonly version: number
  readonly values: Readonly<Record<string, unknown>>
}

/** An item of an older version, or of a type without code here, read with what the store itself says of its type. */
export class LegacyItem {
  readonly store: Store
  readonly storeID: number
  readonly typeName: string
  readonly version: number
  /** By attribute; references as storeIDs, paths relative to `files/`. After a first step, that step's result. */
  readonly values: Readonly<Record<string, unknown>>

  constructor(store: Store, storeID: number, { typeName, version, values }: LegacyState) {
    this.store = store
    this.storeID = storeID
    this.typeName = typeName
    this.version = version
    this.values = values
  }

  /**
   * What an attribute refers to, upgraded where it was of an older version itself: an item or the store; null for
   * nothing and for what was deleted; a LegacyItem where no code here, or no upgrader, can make an item of it.
   * @throws UpgraderRecursionError where it is an item that is being upgraded just now.
   */
  reference(attribute: string): Item | Store | LegacyItem | null
  /** The same where it is an item of that class; null for anything else. */
  reference<C extends ItemConstructor>(attribute: string, itemClass: C): InstanceType<C> | null
  reference(attribute: string, itemClass?: ItemConstructor): Item | Store | LegacyItem | null {
    const referent = this.#resolve(attribute)
    return itemClass === undefined || referent instanceof itemClass ? referent : null
  }

  #resolve(attribute: string): Item | Store | LegacyItem | null {
    const value = this.values[attribute]
    if (value === null) return null
    if (typeof value === 'object') return value as Item | Store | LegacyItem
    if (typeof value !== 'number')
      throw new ConstraintError(`${this.typeName} version ${this.version} has no reference called ${attribute}`)
    if (value === -1) return this.store
    try {
      return this.store.findItemById(value) ?? null
    } catch (error) {
      if (error instanceof UnknownItemTypeError || error instanceof NoUpgradePathError) return this.#legacy(value)
      throw error
    }
  }

  #legacy(storeID: number): LegacyItem | null {
    const { connection, schema } = this.store.engine
    const object = connection.prepare('SELECT type_id FROM axiom_objects WHERE oid = ?').get(storeID)
    const type = object === undefined ? undefined : schema.findById(Number(object[0]))
    const values = type === undefined ? undefined : genericRow(connection, type, storeID)
    if (type === undefined || values === undefined) return null
    return new LegacyItem(this.store, storeID, { ...type, values })
  }
}
