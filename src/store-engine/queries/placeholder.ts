import { type AttributesOf, type Columns, defineColumns, type ItemConstructor } from '../items/item.js'
import type { Source } from './source.js'

/** A class in a query, and what stands for it in the FROM. */
export interface Target<C extends ItemConstructor = ItemConstructor> {
  readonly itemClass: C
  readonly source: Source
}

const TARGET: unique symbol = Symbol('target')

/** A second look at the items of a class, with columns of its own; so a class can be joined with itself. */
export type Placeholder<C extends ItemConstructor> = Columns<AttributesOf<C>> & { readonly [TARGET]: Target<C> }

/** What a query can give items of. */
export type Queryable = ItemConstructor | { readonly [TARGET]: Target }

/** The item that a class or a placeholder gives. */
export type ItemOf<S> = S extends { readonly [TARGET]: Target<infer C> }
  ? InstanceType<C>
  : S extends ItemConstructor
    ? InstanceType<S>
    : never

export type ItemsOf<S extends readonly Queryable[]> = { -readonly [K in keyof S]: ItemOf<S[K]> }

/** A new one each time; it can be used in any number of queries, on any store. */
export function placeholder<C extends ItemConstructor>(itemClass: C): Placeholder<C> {
  const source: Source = { type: itemClass.itemType }
  const columns = Object.create(null)
  defineColumns(columns, source)
  const target: Target<C> = { itemClass, source }
  return Object.defineProperty(columns, TARGET, { value: target })
}

/** What a class or a placeholder is in a query. */
export function targetOf(queryable: Queryable): Target {
  if (TARGET in queryable) return queryable[TARGET]
  return { itemClass: queryable, source: queryable.itemType.source }
}

export function isList(asked: Queryable | readonly Queryable[]): asked is readonly Queryable[] {
  return Array.isArray(asked)
}
