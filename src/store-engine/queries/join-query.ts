import type { Engine } from '../engine.js'
import type { Item } from '../items/item.js'
import type { Target } from './placeholder.js'
import type { QueryOptions } from './query-options.js'
import { RowQuery } from './row-query.js'
import { TupleShape } from './row-shape.js'
import { Selection } from './selection.js'
import { StoreIDColumn } from './store-id-column.js'
import { uniqueRows } from './unique-rows.js'

/** A question to one store about items of several types at once: each row is a tuple, in the order of the classes. */
export class JoinQuery<T extends readonly Item[]> extends RowQuery<T> {
  readonly #targets: readonly Target[]

  /** @throws ConstraintError unless the comparison speaks of every class. */
  constructor(engine: Engine, targets: readonly Target[], options: QueryOptions) {
    super(new Selection(engine, targets, options), new TupleShape<T>(engine, targets))
    this.#targets = targets
  }

  distinct(): JoinQuery<T> {
    const storeIDs = this.#targets.map(({ source }) => new StoreIDColumn(source))
    return new JoinQuery(this.selection.engine, this.#targets, uniqueRows(this.selection, storeIDs))
  }
}
