/**
 * What happens to items behind the Store's face: loading, caching, writing, deleting, and following transactions.
 *
 * One rule keeps memory honest: the database is right. An item holds its row and the generation at which that row was
 * read; whoever makes rows doubtful raises the generation, and the next touch reads the row again. So a rollback needs
 * no list of old values, and a commit by another process needs no list of what it changed.
 */
import type { Place } from './attribute.js'
import type { Connection } from './connection.js'
import { ItemGoneError, ItemNotFoundError, UnknownItemTypeError, UpgradeRequiredError } from './errors.js'
import { Item, type ItemConstructor, ItemState, STATE } from './item.js'
import { ItemCache } from './item-cache.js'
import { ReferrerRules } from './referrer-rules.js'
import { findItemClass } from './registry.js'
import { Schema, type TypeOnDisk } from './schema.js'
import { type SqlRow, type SqlValue, toStoreID } from './sql-value.js'
import type { Store } from './store.js'
import { type Frame, type TransactionListener, Transactions } from './transactions.js'
import { TypeTable } from './type-table.js'
import { upgradeItem, upgradeLegacyItems } from './upgrade.js'

export class Engine implements TransactionListener, Place {
  readonly store: Store
  readonly connection: Connection
  readonly schema: Schema
  readonly transactions: Transactions
  readonly readonly: boolean
  readonly cache = new ItemCache()
  readonly #tables = new Map<ItemConstructor, TypeTable>()
  readonly #upgraded = new Set<ItemConstructor>()
  readonly #dirty = new Set<Item>()
  readonly #deleting = new Set<number>()
  #dataVersion = -1n
  #writes = 0

  constructor(store: Store, connection: Connection, readonly: boolean) {
    this.store = store
    this.connection = connection
    this.readonly = readonly
    this.schema = new Schema(connection)
    this.transactions = new Transactions(connection, this, readonly)
    this.#dataVersion = this.#readDataVersion()
  }

  /** The class's table; undefined when the store holds no item of this version, since reading creates nothing. */
  findTable(itemClass: ItemConstructor): TypeTable | undefined {
    this.#upgradeLegacy(itemClass)
    const known = this.#tables.get(itemClass)
    if (known !== undefined) return known
    this.schema.assertFits(itemClass.itemType)
    const onDisk = this.schema.find(itemClass.itemType.typeName, itemClass.itemType.version)
    return onDisk === undefined ? undefined : this.#keepTable(itemClass, onDisk)
  }

  /** The class's table, created where the store lacks it. To be called inside a write transaction. */
  getTable(itemClass: ItemConstructor): TypeTable {
    return this.findTable(itemClass) ?? this.#keepTable(itemClass, this.schema.create(itemClass.itemType))
  }

  /** Finds out whether another connection has written since this one last looked. Cheap; before reads. */
  lookAround(): void {
    if (this.transactions.isOpen) return
    this.begun()
  }

  /** Changes whenever rows read before may no longer be what is in the database. */
  get moment(): number {
    return this.cache.generation + this.#writes
  }

  /** The place of a value that has no item yet. */
  locate(label: string): string {
    return label
  }

  createItem(itemClass: ItemConstructor, row: SqlRow): Item {
    // A callback may fail half-way; without one, a savepoint for each item would cost more than the item.
    const { activate, stored } = itemClass.prototype as Item
    const quiet = activate === Item.prototype.activate && stored === Item.prototype.stored
    if (quiet && this.transactions.isWriting) return this.#create(itemClass, row)
    return this.transactions.write(() => this.#create(itemClass, row))
  }

  /** The item, loaded or remembered; undefined when there is none. @throws UnknownItemTypeError. */
  findItem(storeID: number): Item | undefined {
    this.lookAround()
    const cached = this.cache.get(storeID)
    if (cached?.isStored === true) return cached
    const object = this.connection.prepare('SELECT type_id FROM axiom_objects WHERE oid = ?').get(storeID)
    const type = object === undefined ? undefined : this.schema.findById(Number(object[0]))
    return type === undefined ? undefined : this.#loadTyped(type, storeID)
  }

  getItem(storeID: number): Item {
    const item = this.findItem(storeID)
    if (item === undefined) throw new ItemNotFoundError(`${this.store.describe()} has no item ${storeID}`)
    return item
  }

  /** The item of a row that was just read. A remembered item takes the row over unless it has changes of its own. */
  materialize(itemClass: ItemConstructor, row: SqlRow): Item {
    const storeID = toStoreID(row[0])
    const cached = this.cache.get(storeID)
    // A storeID that was rolled back may have come again as an item of another type.
    if (cached?.constructor !== itemClass) return this.#load(itemClass, storeID, row)
    const state = cached[STATE]
    if (state.changed === undefined) {
      state.row = row
      state.status = 'stored'
      state.generation = this.cache.generation
    }
    return cached
  }

  /** Reads the item's row again where it may be out of date. */
  freshen(item: Item): void {
    const state = item[STATE]
    if (state.generation === this.cache.generation || state.status === 'unborn') return
    state.generation = this.cache.generation
    const table = this.findTable(item.constructor as ItemConstructor)
    const row = table?.select(state.storeID)
    state.status = row === undefined ? 'deleted' : 'stored'
    if (row !== undefined) state.row = row
  }

  changeItem(item: Item, position: number, value: SqlValue): void {
    if (this.transactions.isWriting) this.#change(item, position, value)
    else this.transactions.write(() => this.#change(item, position, value))
  }

  #change(item: Item, position: number, value: SqlValue): void {
    this.freshen(item)
    const state = item[STATE]
    if (state.status !== 'stored') throw gone(item)
    state.row[position] = value
    state.changed ??= new Set()
    state.changed.add(position)
    this.#dirty.add(item)
    if (item.committed !== Item.prototype.committed) this.transactions.frame.touched.add(item)
  }

  deleteItem(item: Item): void {
    // Cascading references may run in a circle, or from an item to itself.
    if (this.#deleting.has(item.storeID)) return
    this.#deleting.add(item.storeID)
    try {
      this.transactions.write(() => this.#delete(item))
    } finally {
      this.#deleting.delete(item.storeID)
    }
  }

  /** True from the beginning of a deletion, while cascading references are followed. */
  isBeingDeleted(item: Item): boolean {
    return this.#deleting.has(item.storeID)
  }

  #delete(item: Item): void {
    this.freshen(item)
    const state = item[STATE]
    if (state.status !== 'stored') throw gone(item)
    this.flush()
    new ReferrerRules(this.store).apply(item)
    this.getTable(item.constructor as ItemConstructor).delete(state.storeID)
    state.status = 'deleted'
    this.#writes += 1
    this.transactions.frame.deleted.push(item)
  }

  describeItem(item: Item): string {
    const { itemType } = item.constructor as ItemConstructor
    const parts = itemType.attributes.map(({ name, position, attribute }) => {
      const stored = describeStored(item[STATE].row[position])
      return `${name}=${attribute.reference === undefined ? stored : `reference(${stored})`}`
    })
    // A class with an attribute called `name` has a column in the place of its own name.
    const { name } = item.constructor as { readonly name: unknown }
    const label = typeof name === 'string' && name !== '' ? name : itemType.typeName
    return `${label}(${[...parts, `storeID=${item.storeID}`].join(', ')})`
  }

  // --- following transactions ---

  begun(): void {
    const version = this.#readDataVersion()
    if (version === this.#dataVersion) return
    this.#dataVersion = version
    this.cache.distrust()
    this.#forgetTypes()
  }

  flush(): void {
    if (this.#dirty.size === 0) return
    for (const item of this.#dirty) {
      const state = item[STATE]
      if (state.changed === undefined || state.status !== 'stored') continue
      this.getTable(item.constructor as ItemConstructor).update(state.row, state.changed)
      state.changed = undefined
    }
    this.#dirty.clear()
    this.#writes += 1
  }

  committed(frame: Frame): void {
    for (const item of frame.deleted) this.cache.drop(item.storeID)
    for (const item of frame.touched) if (item[STATE].status === 'stored') item.committed()
    for (const item of frame.deleted) item.deleted()
  }

  rolledBack(frame: Frame): void {
    // Only this frame's changes can be pending: a savepoint flushes what was pending before it.
    for (const item of this.#dirty) item[STATE].changed = undefined
    this.#dirty.clear()
    for (const item of frame.created) {
      item[STATE].status = 'unborn'
      this.cache.drop(item.storeID)
    }
    this.cache.distrust()
    this.#forgetTypes()
  }

  // --- private ---

  #create(itemClass: ItemConstructor, row: SqlRow): Item {
    const storeID = this.getTable(itemClass).insert(row)
    const item = this.#hold(itemClass, storeID, row)
    const { frame } = this.transactions
    frame.created.push(item)
    if (item.committed !== Item.prototype.committed) frame.touched.add(item)
    item.activate()
    item.stored()
    return item
  }

  #readDataVersion(): bigint {
    return this.connection.prepare('PRAGMA data_version').get()?.[0] as bigint
  }

  #forgetTypes(): void {
    this.schema.reload()
    this.#tables.clear()
    this.#upgraded.clear()
  }

  #keepTable(itemClass: ItemConstructor, onDisk: TypeOnDisk): TypeTable {
    const table = new TypeTable(this.connection, itemClass.itemType, onDisk)
    this.#tables.set(itemClass, table)
    return table
  }

  #loadTyped(type: TypeOnDisk, storeID: number): Item | undefined {
    const itemClass = findItemClass(type.typeName)
    if (itemClass === undefined)
      throw new UnknownItemTypeError(
        `item ${storeID} of ${this.store.describe()} is a ${type.typeName}, which no code here defines`,
      )
    if (type.version < itemClass.itemType.version) {
      this.#assertMayUpgrade(type)
      return upgradeItem(this, itemClass, type, storeID)
    }
    const row = this.findTable(itemClass)?.select(storeID)
    return row === undefined ? undefined : this.#load(itemClass, storeID, row)
  }

  /** Items of older versions are upgraded before anything asks for items of the class, so that no query misses one. */
  #upgradeLegacy(itemClass: ItemConstructor): void {
    if (this.#upgraded.has(itemClass)) return
    this.#upgraded.add(itemClass)
    for (const legacy of this.schema.versionsOf(itemClass.itemType.typeName)) {
      if (legacy.version >= itemClass.itemType.version) continue
      if (this.connection.prepare(`SELECT 1 FROM "${legacy.table}" LIMIT 1`).get() === undefined) continue
      this.#assertMayUpgrade(legacy)
      upgradeLegacyItems(this, itemClass, legacy)
    }
  }

  #assertMayUpgrade(type: TypeOnDisk): void {
    if (!this.readonly) return
    this.#upgraded.clear()
    throw new UpgradeRequiredError(`${this.store.describe()} holds ${type.typeName} items of version ${type.version}`)
  }

  #load(itemClass: ItemConstructor, storeID: number, row: SqlRow): Item {
    const item = this.#hold(itemClass, storeID, row)
    try {
      item.activate()
    } catch (error) {
      this.cache.drop(storeID)
      throw error
    }
    return item
  }

  #hold(itemClass: ItemConstructor, storeID: number, row: SqlRow): Item {
    const item = new itemClass(new ItemState(this, storeID, row, this.cache.generation))
    this.cache.put(storeID, item)
    return item
  }
}

/** Says which item, not what is in it: an attribute may be a secret. */
function gone(item: Item): ItemGoneError {
  const { typeName } = (item.constructor as ItemConstructor).itemType
  return new ItemGoneError(`${typeName} item ${item.storeID} is no longer in ${item.store.describe()}`)
}

function describeStored(value: SqlValue | undefined): string {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value ?? null)
}
