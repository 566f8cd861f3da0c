import { INSPECT } from '../../base/inspection.js'
import { type AnyColumn, ColumnQuery, type MeanOf, type Ordered, type Summable, type ValueOf } from './column-query.js'
import { explain } from './explain.js'
import { paginate } from './paginate.js'
import type { RowShape } from './row-shape.js'
import type { Selection } from './selection.js'
import { TupleQuery } from './tuple-query.js'
import { walk } from './walk.js'

/**
 * A question to one store. Nothing runs until it is iterated, counted or the like, and each such act runs it anew.
 * Without a sort, rows come by storeID. Limit and offset hold for everything that is asked, sums included.
 *
 * Iteration goes in pages, and the store may change meanwhile: items deleted before their turn are left out, changed
 * ones come as they are then; what other connections do is seen from the next page on. By storeID, items created since
 * the beginning are left out too; sorted or limited, the storeIDs are fixed first.
 */
export abstract class RowQuery<R> implements Iterable<R> {
  /** For the engine's own parts. */
  readonly selection: Selection
  readonly #shape: RowShape<R>

  constructor(selection: Selection, shape: RowShape<R>) {
    this.selection = selection
    this.#shape = shape
  }

  [Symbol.iterator](): Generator<R> {
    return walk(this.selection, this.#shape)
  }

  toArray(): R[] {
    return [...this]
  }

  first(): R | undefined {
    const { limit = 1, offset } = this.selection.options
    const limits = { limit: Math.min(limit, 1), offset }
    const row = this.selection.row(scope => this.selection.write(scope, this.#shape.columns(scope), { limits }))
    return row === undefined ? undefined : this.#shape.toResult(row)
  }

  /** How many rows there are within limit and offset. */
  count(): number {
    const row = this.selection.row(s => `SELECT count(*) FROM (${this.selection.write(s, '1', { ordered: false })})`)
    return Number(row?.[0] ?? 0)
  }

  /** Each row once, where it would come several times because of what only the comparison mentions. */
  abstract distinct(): RowQuery<R>

  /**
   * Arrays of at most `pageSize` results, by key over the sort: no row twice and none left out, whatever else is created
   * or deleted between pages. Each page is read when it is asked for, so it may be a transaction of its own. A row whose
   * sort columns are changed meanwhile comes again if it moves behind the place reached.
   * @throws ConstraintError for a page size of 0, IntegrityError where a damaged store forbids to go on.
   */
  paginate(pageSize: number): Iterable<R[]> {
    return paginate(this.selection, this.#shape, pageSize)
  }

  /** The values of one column, row by row. */
  column<C extends AnyColumn>(column: C): ColumnQuery<C> {
    return new ColumnQuery(this.selection, column)
  }

  /** The values of several columns, row by row, as tuples. */
  columns<const C extends readonly AnyColumn[]>(...columns: C): TupleQuery<C> {
    return new TupleQuery(this.selection, columns)
  }

  /** See {@link ColumnQuery.sum}. */
  sum<C extends Summable>(column: C): ValueOf<C> {
    return new ColumnQuery<C>(this.selection, column).sum()
  }

  /** See {@link ColumnQuery.average}. */
  average<C extends Summable>(column: C): MeanOf<C> | undefined {
    return new ColumnQuery<C>(this.selection, column).average()
  }

  /** See {@link ColumnQuery.min}. */
  min<C extends Ordered>(column: C): ValueOf<C> | undefined {
    return new ColumnQuery<C>(this.selection, column).min()
  }

  /** See {@link ColumnQuery.max}. */
  max<C extends Ordered>(column: C): ValueOf<C> | undefined {
    return new ColumnQuery<C>(this.selection, column).max()
  }

  /** How SQLite would find the rows, a line for each step; for people. */
  explain(): string[] {
    return explain(this.selection, scope => this.selection.write(scope, this.#shape.columns(scope)))
  }

  /** What it asks for; it runs nothing. */
  [INSPECT](): string {
    const { targets } = this.selection
    return `${this.constructor.name}(${targets.map(({ source }) => source.type.typeName).join(', ')})`
  }
}
