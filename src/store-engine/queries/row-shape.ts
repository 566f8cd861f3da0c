import { quoteName, type SqlRow, toStoreID } from '../database/sql-value.js'
import type { Engine } from '../engine.js'
import type { Item } from '../items/item.js'
import type { Scope } from './comparison.js'
import type { Target } from './placeholder.js'

/** What the rows of a query are made of, and what becomes of one. */
export interface RowShape<R> {
  readonly targets: readonly Target[]
  /** How many values of a row are the shape's; others may follow. */
  readonly width: number
  /** What to select. */
  columns(scope: Scope): string
  toResult(row: SqlRow): R
  /** The result of a row that may be out of date; undefined when an item of it is gone. */
  refresh(row: SqlRow): R | undefined
}

/** Rows that are one item each. */
export class ItemShape<I extends Item> implements RowShape<I> {
  readonly targets: readonly Target[]
  readonly width: number
  readonly #engine: Engine
  readonly #target: Target

  constructor(engine: Engine, target: Target) {
    this.#engine = engine
    this.#target = target
    this.targets = [target]
    this.width = target.source.type.attributes.length + 1
  }

  columns(scope: Scope): string {
    const { source } = this.#target
    const names = ['oid', ...source.type.attributes.map(({ name }) => quoteName(name))]
    return names.map(name => `${scope.alias(source)}.${name}`).join(', ')
  }

  toResult(row: SqlRow): I {
    return this.#engine.materialize(this.#target.itemClass, row) as I
  }

  refresh(row: SqlRow): I | undefined {
    this.#engine.lookAround()
    const current = this.#engine.findTable(this.#target.itemClass)?.select(toStoreID(row[0]))
    return current === undefined ? undefined : this.toResult(current)
  }
}

/** Rows that are an item of each of several classes. */
export class TupleShape<T extends readonly Item[]> implements RowShape<T> {
  readonly targets: readonly Target[]
  readonly width: number
  readonly #parts: readonly ItemShape<Item>[]

  constructor(engine: Engine, targets: readonly Target[]) {
    this.targets = targets
    this.#parts = targets.map(target => new ItemShape(engine, target))
    this.width = this.#parts.reduce((sum, part) => sum + part.width, 0)
  }

  columns(scope: Scope): string {
    return this.#parts.map(part => part.columns(scope)).join(', ')
  }

  toResult(row: SqlRow): T {
    return this.#each(row, (part, own) => part.toResult(own)) as unknown as T
  }

  refresh(row: SqlRow): T | undefined {
    const items = this.#each(row, (part, own) => part.refresh(own))
    return items.includes(undefined) ? undefined : (items as unknown as T)
  }

  #each<O>(row: SqlRow, deed: (part: ItemShape<Item>, own: SqlRow) => O): O[] {
    let start = 0
    return this.#parts.map(part => {
      const own = row.slice(start, start + part.width)
      start += part.width
      return deed(part, own)
    })
  }
}
