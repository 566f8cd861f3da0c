import type { Decimal } from '../attributes/decimal.js'
import type { Timestamp } from '../attributes/timestamp.js'
import type { Column, Subselect } from './column.js'
import type { Scope } from './comparison.js'
import type { Selection } from './selection.js'
import { averageOf, sumOf } from './totals.js'
import { aggregate, type ValueRows, walkValues, writeValuesUnordered } from './value-rows.js'

/** Any column. */
export type AnyColumn = Column<unknown, unknown, unknown>
/** What reading a column gives. */
export type ReadOf<C> = C extends Column<unknown, infer R, unknown> ? R : never
/** The value of a column, without null. */
export type ValueOf<C> = Exclude<ReadOf<C>, null>
/** Columns whose values have a sum. */
export type Summable = Column<number> | Column<bigint> | Column<Decimal>
/** Columns whose values have a least and a greatest. */
export type Ordered = Summable | Column<string> | Column<boolean> | Column<Timestamp> | Column<Uint8Array>
/** Decimals have a mean of their own scale, halves to the even digit; other numbers one that is a number. */
export type MeanOf<C> = ValueOf<C> extends Decimal ? Decimal : number

/**
 * The values of one column of a query, null where a row has none. Limit and offset of the query hold for all that is
 * asked. In a comparison it stands for the list of its values.
 *
 * Iterating a query without sort and limits reads a page at a time; each value comes as it was when its page was read.
 */
export class ColumnQuery<C extends AnyColumn> implements Iterable<ReadOf<C>>, Subselect<C> {
  readonly selected: C
  readonly #values: ValueRows

  /** @throws ConstraintError for a column of something that takes no part in the query. */
  constructor(selection: Selection, column: C, unique = false) {
    selection.assertInvolves(column)
    this.selected = column
    this.#values = { selection, columns: [column], unique }
  }

  *[Symbol.iterator](): Generator<ReadOf<C>> {
    for (const [value] of walkValues(this.#values)) yield value as ReadOf<C>
  }

  toArray(): ReadOf<C>[] {
    return [...this]
  }

  /** Each value once, null among them, where it first occurs. A limit then counts values. */
  distinct(): ColumnQuery<C> {
    return new ColumnQuery(this.#values.selection, this.selected, true)
  }

  /** How many values are not null. */
  count(): number {
    return Number(aggregate(this.#values, 'count(v0)')?.[0] ?? 0)
  }

  /** The exact sum; nulls do not count, nothing sums to zero. @throws IntegrityError beyond what the type holds. */
  sum(this: ColumnQuery<C & Summable>): ValueOf<C> {
    return sumOf(this.#values, this.selected) as ValueOf<C>
  }

  /** The mean of what is not null; undefined of nothing. */
  average(this: ColumnQuery<C & Summable>): MeanOf<C> | undefined {
    return averageOf(this.#values, this.selected) as MeanOf<C> | undefined
  }

  /** The least value, text by the column's collation; of nothing the fallback. */
  min(this: ColumnQuery<C & Ordered>): ValueOf<C> | undefined
  min<D>(this: ColumnQuery<C & Ordered>, fallback: D): ValueOf<C> | D
  min<D>(fallback?: D): ValueOf<C> | D | undefined {
    return this.#extreme('min', fallback)
  }

  /** The greatest value, text by the column's collation; of nothing the fallback. */
  max(this: ColumnQuery<C & Ordered>): ValueOf<C> | undefined
  max<D>(this: ColumnQuery<C & Ordered>, fallback: D): ValueOf<C> | D
  max<D>(fallback?: D): ValueOf<C> | D | undefined {
    return this.#extreme('max', fallback)
  }

  writeInside(scope: Scope): string {
    const { selection } = this.#values
    // NOT IN a list with a null in it is never true.
    return selection.writeInside(
      scope,
      inner => `SELECT v0 FROM (${writeValuesUnordered(this.#values, inner)}) WHERE v0 IS NOT NULL`,
    )
  }

  #extreme<D>(name: 'min' | 'max', fallback: D): ValueOf<C> | D {
    const found = aggregate(this.#values, `${name}(v0)`)?.[0] ?? null
    if (found === null) return fallback
    const { store } = this.#values.selection.engine
    return this.selected.decode(found, { store, locate: label => `the ${name} of ${label}` }) as ValueOf<C>
  }
}
