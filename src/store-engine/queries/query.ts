import type { Engine } from '../engine.js'
import type { Item } from '../items/item.js'
import type { Subselect } from './column.js'
import { ColumnQuery } from './column-query.js'
import type { Scope } from './comparison.js'
import { deleteItems } from './delete-items.js'
import type { Target } from './placeholder.js'
import type { QueryOptions } from './query-options.js'
import { RowQuery } from './row-query.js'
import { ItemShape } from './row-shape.js'
import { Selection } from './selection.js'
import { StoreIDColumn } from './store-id-column.js'
import { uniqueRows } from './unique-rows.js'

/**
 * A question to one store about the items of one type. Other types may take part through the comparison; an item then
 * comes once for each way in which it is met. In a comparison with references or storeIDs, the query stands for the
 * list of its items.
 */
export class Query<I extends Item> extends RowQuery<I> implements Subselect<StoreIDColumn> {
  readonly selected: StoreIDColumn
  readonly #target: Target

  constructor(engine: Engine, target: Target, options: QueryOptions = {}) {
    super(new Selection(engine, [target], options), new ItemShape<I>(engine, target))
    this.#target = target
    this.selected = new StoreIDColumn(target.source)
  }

  distinct(): Query<I> {
    const { engine } = this.selection
    return new Query(engine, this.#target, uniqueRows(this.selection, [this.selected]))
  }

  /** The storeIDs, in order. */
  ids(): number[] {
    return this.selection.numbers(scope => this.selection.write(scope, scope.column(this.selected)))
  }

  /**
   * Deletes every item as `deleteFromStore` would, with tombstones, callbacks and the rules of references. All or
   * nothing.
   * @returns how many items the query found.
   * @throws DeletionDisallowedError when a reference forbids it; nothing is deleted.
   */
  deleteFromStore(): number {
    return deleteItems(this, this.#target.itemClass)
  }

  writeInside(scope: Scope): string {
    return new ColumnQuery(this.selection, this.selected).writeInside(scope)
  }
}
