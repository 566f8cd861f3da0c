import { quoteName, type SqlRow, type SqlValue, toStoreID } from '../database/sql-value.js'
import type { Statement } from '../database/statement.js'
import type { Engine } from '../engine.js'
import { ConstraintError, CrossStoreReferenceError } from '../errors.js'
import type { ItemConstructor } from '../items/item.js'
import { findItemClass } from '../items/registry.js'
import type { Ordering } from './column.js'
import type { Scope } from './comparison.js'
import type { Target } from './placeholder.js'
import { assertAskable, type Limits, type QueryOptions } from './query-options.js'
import type { Source } from './source.js'
import { StatementScope } from './statement-scope.js'

/** What writes a statement, given the aliases. */
export type Writer = (scope: Scope) => string

/** What one SELECT has otherwise than its selection says. */
export interface Variation {
  /** A further condition. */
  readonly and?: Writer | undefined
  /** False leaves the rows in any order; where there is a limit, the order says which rows are meant. */
  readonly ordered?: boolean
  /** Instead of the selection's own; an empty object for none. */
  readonly limits?: Limits | undefined
}

/** What a query asks for, checked once; every question to SQLite about it is written here. */
export class Selection {
  readonly engine: Engine
  readonly targets: readonly Target[]
  /** The FROM: what rows are made of, then what only the comparison mentions. */
  readonly sources: readonly Source[]
  readonly orderings: readonly Ordering[]
  readonly options: QueryOptions

  /** @throws ConstraintError for a comparison that leaves a target out, or a sort by what takes no part. */
  constructor(engine: Engine, targets: readonly Target[], options: QueryOptions) {
    const { where, sort } = options
    this.engine = engine
    this.targets = targets
    this.options = options
    this.orderings = sort === undefined ? [] : 'column' in sort ? [sort] : sort
    this.sources = [...new Set([...targets.map(({ source }) => source), ...(where?.sources ?? [])])]
    assertAskable(targets, options)
    for (const { column } of this.orderings) this.assertInvolves(column)
  }

  /** True where the order is that of one table's storeIDs, and all of them are asked for. */
  get isPlain(): boolean {
    const [first, ...others] = this.orderings
    const byStoreID = first === undefined || (first.column.sqlName() === 'oid' && first.direction === 'ASC')
    return this.sources.length === 1 && byStoreID && others.length === 0 && !this.isLimited
  }

  get isLimited(): boolean {
    return this.options.limit !== undefined || this.options.offset !== undefined
  }

  /** @throws ConstraintError for a column of something that takes no part. */
  assertInvolves({ source }: { readonly source: Source }): void {
    if (this.sources.includes(source)) return
    const names = this.targets.map(({ source: { type } }) => type.typeName).join(', ')
    throw new ConstraintError(`a query for ${names} cannot speak of ${source.type.typeName}`)
  }

  /** The answer to a statement about the selection's sources, or those given. */
  rows(write: Writer, sources = this.sources): SqlRow[] {
    const question = this.#prepare(write, sources)
    return question === undefined ? [] : question.statement.all(...question.parameters)
  }

  /** The first column of the answer, as numbers. @throws IntegrityError beyond 2^53. */
  numbers(write: Writer): number[] {
    const question = this.#prepare(write)
    const numbers = question === undefined ? [] : question.statement.numbers(...question.parameters)
    for (const each of numbers) toStoreID(each)
    return numbers
  }

  row(write: Writer): SqlRow | undefined {
    const question = this.#prepare(write)
    return question?.statement.get(...question.parameters)
  }

  /** Undefined where the store has no table for something that takes part: there is no row then. */
  #prepare(
    write: Writer,
    sources = this.sources,
  ): { readonly statement: Statement; readonly parameters: readonly SqlValue[] } | undefined {
    this.engine.lookAround()
    this.engine.flush()
    if (!this.#hasTables(sources)) return undefined
    const scope = new StatementScope(this.engine.store, sources)
    const sql = write(scope)
    return { statement: this.engine.connection.prepare(sql), parameters: scope.parameters }
  }

  /** `SELECT what FROM …`, in its order and within its limits unless the variation says otherwise. */
  write(scope: Scope, what: string, variation: Variation = {}): string {
    const parts = [`SELECT ${what}`, this.writeFrom(scope, variation.and)]
    if (variation.ordered !== false) parts.push(`ORDER BY ${this.writeOrder(scope)}`)
    return [...parts, ...writeLimits(scope, variation.limits ?? this.options)].join(' ')
  }

  writeFrom(scope: Scope, further?: Writer): string {
    const tables = this.sources.map(source => `${quoteName(source.type.table)} AS ${scope.alias(source)}`)
    const conditions = [this.options.where?.toSql(scope), further?.(scope)].filter(each => each !== undefined)
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.map(each => `(${each})`).join(' AND ')}`
    return `FROM ${tables.join(', ')}${where}`
  }

  /** The storeIDs of what a row is made of. */
  writeStoreIDs(scope: Scope): string {
    return this.targets.map(({ source }) => `${scope.alias(source)}.oid`).join(', ')
  }

  /** The orderings, then the storeIDs of all that takes part, so that no two rows are equal. */
  writeOrder(scope: Scope): string {
    const orderings = this.orderings.map(({ column, direction }) => `${scope.column(column)} ${direction}`)
    return [...orderings, ...this.sources.map(source => `${scope.alias(source)}.oid`)].join(', ')
  }

  /** A list for a comparison in another query: what `write` selects, `width` columns, in parentheses. */
  writeInside(scope: Scope, write: Writer, width = 1): string {
    if (scope.store !== this.engine.store)
      throw new CrossStoreReferenceError(
        `a query on ${this.engine.store.describe()} cannot stand in one on another store`,
      )
    if (this.#hasTables()) return `(${write(scope.inside(this.sources))})`
    return `(SELECT ${new Array(width).fill('NULL').join(', ')} WHERE 0)`
  }

  #hasTables(sources = this.sources): boolean {
    return sources.every(source => this.engine.findTable(this.#classOf(source)) !== undefined)
  }

  #classOf({ type }: Source): ItemConstructor {
    const target = this.targets.find(({ itemClass }) => itemClass.itemType === type)
    const itemClass = target?.itemClass ?? findItemClass(type.typeName)
    if (itemClass?.itemType === type) return itemClass
    throw new ConstraintError(`${type.typeName} must be registered to take part in a query for other items`)
  }
}

/** The end of a SELECT, in no part or one. */
export function writeLimits(scope: Scope, { limit, offset }: Limits): string[] {
  if (limit === undefined && offset === undefined) return []
  return [`LIMIT ${scope.bind(limit ?? -1)} OFFSET ${scope.bind(offset ?? 0)}`]
}
