/**
 * A sequence of items that lies in the store: one `list` item, and one `list_item` for every place in it.
 *
 * Positions count from 0, and from the end where they are negative. Every method is one transaction, or one savepoint of
 * the transaction it is called in. Values are items of the same store, or the store itself; null stands for nothing, and
 * for what has been deleted from the store since. Changing the order moves the numbers of places, so inserting at the
 * front costs a write for each place after it.
 */
import { integer } from '../attributes/attributes.js'
import { ConstraintError } from '../errors.js'
import { type Item, item } from '../items/item.js'
import { registerItemTypes } from '../items/registry.js'
import { and, type Comparison } from '../queries/comparison.js'
import type { Store } from '../store.js'
import { ListItem } from './list-item.js'

export type ListValue = Item | Store | null

export class ItemList extends item({
  typeName: 'list',
  version: 1,
  module: 'axiom.sequence',
  attributes: { length: integer({ default: 0, doc: 'how many places there are' }) },
}) {
  /** Undefined outside of the list. */
  at(index: number): ListValue | undefined {
    return this.#find(index)?._value
  }

  /** @throws ConstraintError outside of the list. */
  get(index: number): ListValue {
    return this.#place(index)._value
  }

  /** @throws ConstraintError outside of the list; nothing is set. */
  set(index: number, value: ListValue): void {
    this.store.transact(() => {
      this.#place(index)._value = value
    })
  }

  append(value: ListValue): void {
    this.insert(this.#size, value)
  }

  extend(values: Iterable<ListValue>): void {
    this.store.transact(() => {
      for (const value of [...values]) this.append(value)
    })
  }

  /** Before the place that is at `index`; an index outside of the list means its beginning or its end. */
  insert(index: number, value: ListValue): void {
    this.store.transact(() => {
      const position = Math.min(Math.max(this.#resolve(index), 0), this.#size)
      this.#shift(position, 1)
      this.store.create(ListItem, { _container: this, _index: position, _value: value })
      this.length = this.#size + 1
    })
  }

  /** Takes a place out, by default the last, and returns what was there. @throws ConstraintError outside of the list. */
  pop(index = -1): ListValue {
    return this.store.transact(() => {
      const place = this.#place(index)
      const { _value: value, _index: position } = place
      place.deleteFromStore()
      this.#shift((position ?? 0) + 1, -1)
      this.length = this.#size - 1
      return value
    })
  }

  /** Takes the first place with this value out. Returns whether there was one. */
  remove(value: Item | Store): boolean {
    return this.store.transact(() => {
      const index = this.indexOf(value)
      if (index >= 0) this.pop(index)
      return index >= 0
    })
  }

  clear(): void {
    this.store.transact(() => {
      this.#places().deleteFromStore()
      this.length = 0
    })
  }

  /** The first place with this value; -1 where there is none. */
  indexOf(value: Item | Store): number {
    const where = and(this.#mine, ListItem._value.equals(value))
    return this.store.findFirst(ListItem, where, { sort: ListItem._index.ascending })?._index ?? -1
  }

  includes(value: Item | Store): boolean {
    return this.indexOf(value) >= 0
  }

  /** How many places have this value. */
  count(value: Item | Store): number {
    return this.store.query(ListItem, { where: and(this.#mine, ListItem._value.equals(value)) }).count()
  }

  reverse(): void {
    this.#reorder(places => places.reverse())
  }

  /** Sorts in place; equal values keep their order. */
  sort(compare: (a: ListValue, b: ListValue) => number): void {
    this.#reorder(places => places.sort((a, b) => compare(a._value, b._value)))
  }

  /** The values between two positions, as Array.slice counts them. */
  slice(start?: number, end?: number): ListValue[] {
    return [...this].slice(start, end)
  }

  /** The values as they are when iteration begins. */
  *[Symbol.iterator](): Iterator<ListValue> {
    for (const place of this.#places().toArray()) yield place._value
  }

  /** Deletes the list with its places; the values stay. */
  override deleteFromStore(): void {
    this.store.transact(() => {
      this.clear()
      super.deleteFromStore()
    })
  }

  get #size(): number {
    return this.length ?? 0
  }

  get #mine(): Comparison {
    return ListItem._container.equals(this)
  }

  #places() {
    return this.store.query(ListItem, { where: this.#mine, sort: ListItem._index.ascending })
  }

  #resolve(index: number): number {
    if (!Number.isSafeInteger(index)) throw new ConstraintError(`a position in a list is a whole number, not ${index}`)
    return index < 0 ? index + this.#size : index
  }

  #find(index: number): ListItem | undefined {
    return this.store.findFirst(ListItem, and(this.#mine, ListItem._index.equals(this.#resolve(index))))
  }

  #place(index: number): ListItem {
    const place = this.#find(index)
    if (place === undefined)
      throw new ConstraintError(`list ${this.storeID} of ${this.#size} places has none at ${index}`)
    return place
  }

  /** Moves the places from `position` on. */
  #shift(position: number, by: number): void {
    const where = and(this.#mine, ListItem._index.greaterOrEqual(position))
    for (const place of this.store.query(ListItem, { where })) place._index = (place._index ?? 0) + by
  }

  /** Numbers the places anew. Their values are not touched, so those that cannot be loaded here move along. */
  #reorder(order: (places: ListItem[]) => ListItem[]): void {
    this.store.transact(() => {
      for (const [index, place] of order(this.#places().toArray()).entries()) place._index = index
    })
  }
}
registerItemTypes(ItemList)
