import type { AnyColumn, ReadOf } from './column-query.js'
import type { Selection } from './selection.js'
import { aggregate, type ValueRows, walkValues } from './value-rows.js'

/** What a row of several columns gives. */
export type ReadOfAll<C extends readonly AnyColumn[]> = { -readonly [K in keyof C]: ReadOf<C[K]> }

/** The values of several columns of a query, as tuples. See {@link ColumnQuery}. */
export class TupleQuery<C extends readonly AnyColumn[]> implements Iterable<ReadOfAll<C>> {
  readonly #values: ValueRows

  /** @throws ConstraintError for a column of something that takes no part in the query. */
  constructor(selection: Selection, columns: C, unique = false) {
    for (const column of columns) selection.assertInvolves(column)
    this.#values = { selection, columns, unique }
  }

  *[Symbol.iterator](): Generator<ReadOfAll<C>> {
    yield* walkValues(this.#values) as Generator<ReadOfAll<C>>
  }

  toArray(): ReadOfAll<C>[] {
    return [...this]
  }

  /** Each tuple once, where it first occurs. A limit then counts tuples. */
  distinct(): TupleQuery<C> {
    const { selection, columns } = this.#values
    return new TupleQuery(selection, columns as unknown as C, true)
  }

  /** How many there are, nulls or not. */
  count(): number {
    return Number(aggregate(this.#values, 'count(*)')?.[0] ?? 0)
  }
}
