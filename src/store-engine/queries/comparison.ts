import type { SqlValue } from '../database/sql-value.js'
import { ConstraintError } from '../errors.js'
import type { ItemType } from '../items/item-type.js'
import type { Store } from '../store.js'

/** What a comparison needs while it is written out as SQL for one statement on one store. */
export interface Scope {
  readonly store: Store
  column(column: { readonly type: ItemType; sqlName(): string }): string
  /** Notes a parameter and gives its place in the statement. */
  bind(value: SqlValue): string
}

/** A condition on rows. It belongs to no store; values are converted when a query runs. */
export class Comparison {
  /** The types that it speaks of. */
  readonly types: readonly ItemType[]
  readonly #write: (scope: Scope) => string

  constructor(types: readonly ItemType[], write: (scope: Scope) => string) {
    this.types = types
    this.#write = write
  }

  toSql(scope: Scope): string {
    return this.#write(scope)
  }
}

/** All of them. @throws ConstraintError when there is none. */
export function and(...comparisons: readonly Comparison[]): Comparison {
  return combine('AND', comparisons)
}

/** At least one of them. @throws ConstraintError when there is none. */
export function or(...comparisons: readonly Comparison[]): Comparison {
  return combine('OR', comparisons)
}

/** SQL's three-valued negation: a row where the inner comparison is null matches neither. */
export function not(comparison: Comparison): Comparison {
  return new Comparison(comparison.types, scope => `NOT (${comparison.toSql(scope)})`)
}

function combine(operator: 'AND' | 'OR', comparisons: readonly Comparison[]): Comparison {
  if (comparisons.length === 0) throw new ConstraintError(`${operator} of nothing`)
  const types = comparisons.flatMap(each => each.types)
  return new Comparison(types, scope => `(${comparisons.map(each => each.toSql(scope)).join(` ${operator} `)})`)
}
