import { type SqlRow, toStoreID } from '../database/sql-value.js'
import type { Engine } from '../engine.js'
import { ItemNotFoundError, UnknownItemTypeError } from '../errors.js'
import type { TypeOnDisk } from '../schema/schema.js'
import { isRetired } from '../upgrades/upgrade.js'
import { upgradeItem } from '../upgrades/upgrade-item.js'
import { type Item, type ItemConstructor, ItemState, STATE } from './item.js'
import { findItemClass } from './registry.js'

/** From rows to objects: each item is one object for as long as anything holds it, and its row is never out of date. */
export class ItemLoader {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** The item, loaded or remembered; undefined when there is none. @throws UnknownItemTypeError. */
  find(storeID: number): Item | undefined {
    const { cache } = this.#engine
    this.#engine.lookAround()
    const cached = cache.get(storeID)
    if (cached?.isStored === true) return cached
    const type = this.findType(storeID)
    return type === undefined ? undefined : this.#loadTyped(type, storeID)
  }

  /** The type of an item, whether or not there is code for it; undefined for nothing and for a tombstone. */
  findType(storeID: number): TypeOnDisk | undefined {
    const { connection, schema } = this.#engine
    const object = connection.prepare('SELECT type_id FROM axiom_objects WHERE oid = ?').get(storeID)
    if (object === undefined) return undefined
    const typeId = Number(object[0])
    const known = schema.findById(typeId)
    if (known !== undefined || typeId < 0) return known
    // It may have been made since this store last looked around.
    this.#engine.lookAround()
    return schema.findById(typeId)
  }

  get(storeID: number): Item {
    const item = this.find(storeID)
    if (item === undefined) throw new ItemNotFoundError(`${this.#engine.store.describe()} has no item ${storeID}`)
    return item
  }

  /** The item of a row that was just read. A remembered item takes the row over unless it has changes of its own. */
  materialize(itemClass: ItemConstructor, row: SqlRow): Item {
    const storeID = toStoreID(row[0])
    const cached = this.#engine.cache.get(storeID)
    // A storeID that was rolled back may have come again as an item of another type.
    if (cached?.constructor !== itemClass) return this.#load(itemClass, storeID, row)
    const state = cached[STATE]
    if (state.changed === undefined) {
      state.row = row
      state.status = 'stored'
      state.generation = this.#engine.cache.generation
    }
    return cached
  }

  /** Reads the item's row again where it may be out of date. */
  freshen(item: Item): void {
    const state = item[STATE]
    const { generation } = this.#engine.cache
    if (state.generation === generation || state.status === 'unborn') return
    state.generation = generation
    const row = this.#engine.findTableAsIs(item.constructor as ItemConstructor)?.select(state.storeID)
    state.status = row === undefined ? 'deleted' : 'stored'
    if (row !== undefined) state.row = row
  }

  /** A new object for a row, remembered; none of its callbacks has run. */
  hold(itemClass: ItemConstructor, storeID: number, row: SqlRow): Item {
    const item = new itemClass(new ItemState(this.#engine, storeID, row, this.#engine.cache.generation))
    this.#engine.cache.put(storeID, item)
    return item
  }

  #loadTyped(type: TypeOnDisk, storeID: number): Item | undefined {
    const itemClass = findItemClass(type.typeName)
    if (itemClass === undefined && isRetired(type.typeName, type.version)) return this.#retire(type, storeID)
    if (itemClass === undefined)
      throw new UnknownItemTypeError(
        `item ${storeID} of ${this.#engine.store.describe()} is a ${type.typeName}, which no code here defines`,
      )
    if (type.version < itemClass.itemType.version) {
      this.#engine.tables.assertMayUpgrade(type)
      return upgradeItem(this.#engine, { type, itemClass }, storeID)
    }
    const row = this.#engine.findTableAsIs(itemClass)?.select(storeID)
    return row === undefined ? undefined : this.#load(itemClass, storeID, row)
  }

  /** What exists only to be deleted is as good as gone; on the disk it goes where the store can be written. */
  #retire(type: TypeOnDisk, storeID: number): undefined {
    if (!this.#engine.store.readonly) upgradeItem(this.#engine, { type, itemClass: undefined }, storeID)
  }

  #load(itemClass: ItemConstructor, storeID: number, row: SqlRow): Item {
    const item = this.hold(itemClass, storeID, row)
    try {
      item.activate()
    } catch (error) {
      this.#engine.cache.drop(storeID)
      throw error
    }
    return item
  }
}
