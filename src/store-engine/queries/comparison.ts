import type { SqlValue } from '../database/sql-value.js'
import { ConstraintError } from '../errors.js'
import type { Store } from '../store.js'
import type { Source } from './source.js'

/** What a comparison needs while it is written out as SQL for one statement on one store. */
export interface Scope {
  readonly store: Store
  /** The column with the alias of its source. */
  column(column: { readonly source: Source; sqlName(): string }): string
  /** The name that a source goes by in this SELECT. @throws ConstraintError when it takes no part. */
  alias(source: Source): string
  /** Notes a parameter and gives its place; to be called in the order of the text. */
  bind(value: SqlValue): string
  /** The scope of a SELECT inside this one, which shares the parameters. */
  inside(sources: readonly Source[]): Scope
}

/** A condition on rows. It belongs to no store; values are converted when a query runs. */
export class Comparison {
  /** What it speaks of, in the order of first mention. */
  readonly sources: readonly Source[]
  readonly #write: (scope: Scope) => string

  constructor(sources: readonly Source[], write: (scope: Scope) => string) {
    this.sources = [...new Set(sources)]
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
  return new Comparison(comparison.sources, scope => `NOT (${comparison.toSql(scope)})`)
}

function combine(operator: 'AND' | 'OR', comparisons: readonly Comparison[]): Comparison {
  if (comparisons.length === 0) throw new ConstraintError(`${operator} of nothing`)
  const sources = comparisons.flatMap(each => each.sources)
  return new Comparison(sources, scope => `(${comparisons.map(each => each.toSql(scope)).join(` ${operator} `)})`)
}
