/**
 * What stands behind a Store's face: the parts that load, write and remember items, and what they do together when a
 * transaction begins and ends.
 *
 * One rule keeps memory honest: the database is right. An item holds its row and the generation at which that row was
 * read; whoever makes rows doubtful raises the generation, and the next touch reads the row again. So a rollback needs
 * no list of old values, and a commit by another process needs no list of what it changed.
 */
import type { Place } from './attributes/attribute.js'
import type { Connection } from './database/connection.js'
import type { SqlRow } from './database/sql-value.js'
import { type Frame, type TransactionListener, Transactions } from './database/transactions.js'
import { describeItem } from './items/describe-item.js'
import { type Item, type ItemConstructor, STATE } from './items/item.js'
import { ItemCache } from './items/item-cache.js'
import { ItemLoader } from './items/item-loader.js'
import { ItemTables } from './items/item-tables.js'
import { ItemWriter } from './items/item-writer.js'
import type { TypeTable } from './items/type-table.js'
import { Schema } from './schema/schema.js'
import type { Store } from './store.js'
import type { UpgradeScene } from './upgrades/upgrade-item.js'

export class Engine implements TransactionListener, Place, UpgradeScene {
  readonly store: Store
  readonly connection: Connection
  readonly schema: Schema
  readonly transactions: Transactions
  readonly cache = new ItemCache()
  readonly tables: ItemTables
  readonly loader: ItemLoader
  readonly writer: ItemWriter
  readonly upgrading = new Set<number>()
  #dataVersion: bigint

  constructor(store: Store, connection: Connection) {
    this.store = store
    this.connection = connection
    // Before anything is read, so that what others write meanwhile is noticed at the next look.
    this.#dataVersion = this.#readDataVersion()
    this.schema = new Schema(connection)
    this.transactions = new Transactions(connection, this, store.readonly)
    this.tables = new ItemTables(this)
    this.loader = new ItemLoader(this)
    this.writer = new ItemWriter(this)
  }

  /** See {@link ItemTables.find}. */
  findTable(itemClass: ItemConstructor): TypeTable | undefined {
    return this.tables.find(itemClass)
  }

  /** See {@link ItemTables.get}. */
  getTable(itemClass: ItemConstructor): TypeTable {
    return this.tables.get(itemClass)
  }

  /** See {@link ItemTables.findAsIs}. */
  findTableAsIs(itemClass: ItemConstructor): TypeTable | undefined {
    return this.tables.findAsIs(itemClass)
  }

  /** See {@link ItemTables.getAsIs}. */
  getTableAsIs(itemClass: ItemConstructor): TypeTable {
    return this.tables.getAsIs(itemClass)
  }

  materialize(itemClass: ItemConstructor, row: SqlRow): Item {
    return this.loader.materialize(itemClass, row)
  }

  describeItem(item: Item): string {
    return describeItem(item)
  }

  /** Finds out whether another connection has written since this one last looked. Cheap; before reads. */
  lookAround(): void {
    if (!this.transactions.isOpen) this.begun()
  }

  /** Changes whenever rows read before may no longer be what is in the database. */
  get moment(): number {
    return this.cache.generation + this.writer.writes
  }

  /** The place of a value that has no item yet. */
  locate(label: string): string {
    return label
  }

  begun(): void {
    const version = this.#readDataVersion()
    if (version === this.#dataVersion) return
    this.#dataVersion = version
    this.cache.distrust()
    this.tables.lookAgain()
  }

  flush(): void {
    this.writer.flush()
  }

  /** Every item is told, whatever the others do; the first of their errors is thrown then. */
  committed(frame: Frame): void {
    for (const item of frame.deleted) this.cache.drop(item.storeID)
    const failures: unknown[] = []
    const tell = (callback: () => void) => {
      try {
        callback()
      } catch (error) {
        failures.push(error)
      }
    }
    for (const item of frame.touched) if (item[STATE].status === 'stored') tell(() => item.committed())
    for (const item of frame.deleted) tell(() => item.deleted())
    if (failures.length > 0) throw failures[0]
  }

  rolledBack(frame: Frame): void {
    this.writer.forget()
    for (const storeID of frame.allotted) {
      const item = this.cache.get(storeID)
      if (item !== undefined) item[STATE].status = 'unborn'
      this.cache.drop(storeID)
    }
    this.cache.distrust()
    this.tables.forget()
  }

  #readDataVersion(): bigint {
    return this.connection.prepare('PRAGMA data_version').get()?.[0] as bigint
  }
}
