import type { SqlRow, SqlValue } from '../database/sql-value.js'
import type { Engine } from '../engine.js'
import { ItemGoneError } from '../errors.js'
import { Item, type ItemConstructor, type ItemState, STATE } from './item.js'
import { ReferrerRules } from './referrer-rules.js'
import type { TypeTable } from './type-table.js'

/** Creating, changing and deleting items. Changes inside a transaction wait, per item, until somebody asks or it ends. */
export class ItemWriter {
  readonly #engine: Engine
  readonly #dirty = new Set<Item>()
  readonly #deleting = new Set<number>()
  /** How often rows were changed or deleted through this writer. */
  writes = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  create(itemClass: ItemConstructor, row: SqlRow): Item {
    const { transactions } = this.#engine
    // A callback may fail half-way; without one, a savepoint for each item would cost more than the item.
    const { activate, stored } = itemClass.prototype as Item
    const quiet = activate === Item.prototype.activate && stored === Item.prototype.stored
    if (quiet && transactions.isWriting) return this.#create(itemClass, row)
    return transactions.write(() => this.#create(itemClass, row))
  }

  /** A new row without an item, under a storeID that is returned. To be called inside a transaction. */
  insert(table: TypeTable, row: SqlRow): number {
    const storeID = table.insert(row)
    this.#engine.transactions.frame.allotted.push(storeID)
    return storeID
  }

  change(item: Item, position: number, value: SqlValue): void {
    const { transactions } = this.#engine
    if (transactions.isWriting) this.#change(item, position, value)
    else transactions.write(() => this.#change(item, position, value))
  }

  delete(item: Item): void {
    // Cascading references may run in a circle, or from an item to itself.
    if (this.#deleting.has(item.storeID)) return
    this.#deleting.add(item.storeID)
    try {
      this.#engine.transactions.write(() => this.#delete(item))
    } finally {
      this.#deleting.delete(item.storeID)
    }
  }

  /** True from the beginning of a deletion, while cascading references are followed. */
  isBeingDeleted(item: Item): boolean {
    return this.#deleting.has(item.storeID)
  }

  /** True while any item is being deleted. */
  get isDeleting(): boolean {
    return this.#deleting.size > 0
  }

  /**
   * Removes the rows of items of one class, leaving tombstones. Neither references nor callbacks are looked at. To be
   * called inside a transaction.
   */
  deleteRows(itemClass: ItemConstructor, storeIDs: readonly number[]): void {
    this.flush()
    this.#engine.getTable(itemClass).deleteAll(storeIDs)
    this.writes += 1
    const { deleted } = this.#engine.transactions.frame
    for (const storeID of storeIDs) {
      const item = this.#engine.cache.get(storeID)
      if (item === undefined) continue
      item[STATE].status = 'deleted'
      deleted.push(item)
    }
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#dirty.size === 0) return
    for (const item of this.#dirty) {
      const state = item[STATE]
      if (state.changed === undefined || state.status !== 'stored') continue
      this.#engine.getTableAsIs(item.constructor as ItemConstructor).update(state.row, state.changed)
      state.changed = undefined
    }
    this.#dirty.clear()
    this.writes += 1
  }

  /** Drops what waits. Only the innermost frame's changes can: a savepoint flushes what waited before it. */
  forget(): void {
    for (const item of this.#dirty) item[STATE].changed = undefined
    this.#dirty.clear()
  }

  #create(itemClass: ItemConstructor, row: SqlRow): Item {
    const storeID = this.insert(this.#engine.getTable(itemClass), row)
    const item = this.#engine.loader.hold(itemClass, storeID, row)
    if (item.committed !== Item.prototype.committed) this.#engine.transactions.frame.touched.add(item)
    item.activate()
    item.stored()
    return item
  }

  #change(item: Item, position: number, value: SqlValue): void {
    const state = this.#assertStored(item)
    state.row[position] = value
    state.changed ??= new Set()
    state.changed.add(position)
    this.#dirty.add(item)
    if (item.committed !== Item.prototype.committed) this.#engine.transactions.frame.touched.add(item)
  }

  #delete(item: Item): void {
    const state = this.#assertStored(item)
    this.flush()
    new ReferrerRules(this.#engine.store).apply((item.constructor as ItemConstructor).itemType.typeName, state.storeID)
    this.#engine.getTableAsIs(item.constructor as ItemConstructor).delete(state.storeID)
    state.status = 'deleted'
    this.writes += 1
    this.#engine.transactions.frame.deleted.push(item)
  }

  #assertStored(item: Item): ItemState {
    this.#engine.loader.freshen(item)
    const state = item[STATE]
    if (state.status === 'stored') return state
    // Says which item, not what is in it: an attribute may be a secret.
    const { typeName } = (item.constructor as ItemConstructor).itemType
    throw new ItemGoneError(`${typeName} item ${item.storeID} is no longer in ${item.store.describe()}`)
  }
}
