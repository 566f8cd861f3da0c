/**
 * Items: rows with an identity, typed by the class that `item({...})` returns.
 *
 *     export class Note extends item({
 *       typeName: 'notes_note', version: 1, module: 'axiom.item',
 *       attributes: { title: text({ allowNull: false }), pinned: boolean({ allowNull: false, default: false }) },
 *     }) {
 *       get heading() { return this.title.toUpperCase() }
 *     }
 *     registerItemTypes(Note)
 *
 * Each attribute becomes an accessor on the instance and a column on the class (`Note.title.equals('x')`). Reading
 * decodes the row that the item holds; a row that may be out of date (another process wrote, a transaction was rolled
 * back) is read again first, so an item never shows a state that is not in the database. Writing is an UPDATE at once
 * outside a transaction, and at the next query or the end inside one.
 *
 * Items are made by `store.create` only; plain class fields are their in-memory attributes. What Axiom calls
 * `__init__` does not exist: `stored()` runs once in an item's life, `activate()` at every load.
 */
import { IntegrityError } from '../../base/errors.js'
import { INSPECT } from '../../base/inspection.js'
import type { Attribute, Attributes, Place, ValueOf } from '../attributes/attribute.js'
import type { SqlRow, SqlValue } from '../database/sql-value.js'
import type { Engine } from '../engine.js'
import { ConstraintError } from '../errors.js'
import type { Answerer, Interface } from '../powerups/interface.js'
import { Column } from '../queries/column.js'
import type { Source } from '../queries/source.js'
import { StoreIDColumn } from '../queries/store-id-column.js'
import type { Store } from '../store.js'
import type { Neighbours } from './item-cache.js'
import { ItemType, type ItemTypeSpec, type NamedAttribute, type OfferedInterface } from './item-type.js'

/** `unborn`: of a transaction that was rolled back, so that its storeID may come again. */
export type ItemStatus = 'stored' | 'deleted' | 'unborn'

/** What the engine knows of one item. Not for authors. */
export class ItemState implements Place {
  readonly engine: Engine
  readonly storeID: number
  /** The storeID, then the attributes in column order, as SQLite has them or will have them. */
  row: SqlRow
  /** The cache generation at which `row` was known to be right. */
  generation: number
  status: ItemStatus = 'stored'
  /** Positions in `row` not yet written. */
  changed: Set<number> | undefined
  /** Holds what the cache holds weakly. */
  neighbours: Neighbours | undefined

  constructor(engine: Engine, storeID: number, row: SqlRow, generation: number) {
    this.engine = engine
    this.storeID = storeID
    this.row = row
    this.generation = generation
  }

  get store(): Store {
    return this.engine.store
  }

  locate(label: string): string {
    return `${label} of item ${this.storeID}`
  }
}

export const STATE: unique symbol = Symbol('state')

export abstract class Item {
  readonly [STATE]: ItemState

  constructor(state: ItemState) {
    this[STATE] = state
  }

  get store(): Store {
    return this[STATE].engine.store
  }

  /** Positive and never reused in its store. */
  get storeID(): number {
    return this[STATE].storeID
  }

  /** False after deletion, and after the rollback of the transaction that created the item. */
  get isStored(): boolean {
    this[STATE].engine.loader.freshen(this)
    return this[STATE].status === 'stored'
  }

  /** Runs after creation and after every load; attributes can be read. */
  activate(): void {}
  /** Runs once, when the item enters its store, after `activate`. */
  stored(): void {}
  /** Runs after the commit of a transaction that touched the item. The database cannot be changed here. */
  committed(): void {}
  /** Runs after the commit of the deletion. */
  deleted(): void {}
  /** Runs when the item has been installed on `target`. */
  installed(_target: Item | Store): void {}
  /** Runs when the item has been uninstalled from `target`. */
  uninstalled(_target: Item | Store): void {}

  /**
   * Removes the item, after what refers to it by a cascading reference.
   * @throws DeletionDisallowedError when a reference forbids it; nothing is deleted.
   */
  deleteFromStore(): void {
    this[STATE].engine.writer.delete(this)
  }

  /**
   * What the item answers for when nobody says what it shall be a powerup for: the interfaces of its type, unless its
   * class decides by what the item holds. Called by `powerUp` and `powerDown`.
   */
  getPowerupInterfaces(declared: readonly OfferedInterface[]): Iterable<OfferedInterface> {
    return declared
  }

  /** Makes `powerup` answer for `face` on this item; see Store.powerUp. */
  powerUp<T = unknown>(powerup: Answerer<NoInfer<T>>, face?: Interface<T>, priority = 0): void {
    this.store.powerups.add(this, powerup, face, priority)
  }

  powerDown(powerup: Item, face?: Interface): void {
    this.store.powerups.remove(this, powerup, face)
  }

  /** Highest priority first; ties in the order of their coming. */
  powerupsFor<T>(face: Interface<T>): T[] {
    return this.store.powerups.of(this, face)
  }

  /** `Class(attribute=value, …, storeID=N)`, references as `reference(N)`; for logs and messages. */
  toString(): string {
    return this[STATE].engine.describeItem(this)
  }

  /** As `toString`: what an item consists of in memory tells nobody anything. */
  [INSPECT](): string {
    return this.toString()
  }
}

export type Values<A extends Attributes> = { -readonly [K in keyof A]: ValueOf<A[K]> }
export type Columns<A extends Attributes> = { readonly [K in keyof A]: ColumnOf<ValueOf<A[K]>> } & {
  readonly storeID: StoreIDColumn
}
/** References hold storeIDs, so those can be compared with them. */
type ColumnOf<V> = [Exclude<V, null>] extends [Item | Store]
  ? Column<Exclude<V, null>, V, StoreIDColumn>
  : Column<Exclude<V, null>, V>

/** Any class of items; what store methods take. */
export interface ItemConstructor<I extends Item = Item> {
  new (state: ItemState): I
  readonly itemType: ItemType
}

/** The attributes that a class was declared with. */
export type AttributesOf<C> = C extends { readonly itemType: ItemType<infer A> } ? A : never

/** The base class for an item type. @throws ConstraintError for names that an item needs itself. */
export function item<const A extends Attributes>(
  spec: ItemTypeSpec<A>,
): (new (state: ItemState) => Item & Values<A>) & Columns<A> & { readonly itemType: ItemType<A> } {
  const type = new ItemType(spec)
  class TypedItem extends Item {
    static readonly itemType = type
  }
  for (const named of type.attributes) {
    if (named.name in Item.prototype) throw new ConstraintError(`${type.typeName}: an item has its own ${named.name}`)
    Object.defineProperty(TypedItem.prototype, named.name, accessorOf(named))
  }
  defineColumns(TypedItem, type.source)
  return TypedItem as unknown as ReturnType<typeof item<A>>
}

/** Puts the columns on a class. A subclass has its own `name` and `length`, which would hide inherited columns. */
export function defineColumns(target: object, source: Source): void {
  for (const named of source.type.attributes)
    Object.defineProperty(target, named.name, { value: new Column(source, named), configurable: true })
  Object.defineProperty(target, 'storeID', { value: new StoreIDColumn(source), configurable: true })
}

function accessorOf({ position, attribute, label }: NamedAttribute): PropertyDescriptor {
  return {
    configurable: true,
    enumerable: true,
    get(this: Item): unknown {
      const state = this[STATE]
      if (state.generation !== state.engine.cache.generation) state.engine.loader.freshen(this)
      const stored = state.row[position]
      if (stored !== null && stored !== undefined) return attribute.decode(stored, state, label)
      if (attribute.allowNull) return null
      throw new IntegrityError(`${label} of item ${state.storeID} is null, which its type does not allow`)
    },
    set(this: Item, value: unknown): void {
      const state = this[STATE]
      state.engine.writer.change(this, position, encodeAttribute(attribute, value, state, label))
    },
  }
}

/** The stored form of a value, null included. @throws ConstraintError where null is not allowed or the value unfit. */
export function encodeAttribute(attribute: Attribute, value: unknown, place: Place, label: string): SqlValue {
  if (value !== null && value !== undefined) return attribute.encode(value, place, label)
  if (attribute.allowNull) return null
  throw new ConstraintError(`${place.locate(label)} cannot be null`)
}
