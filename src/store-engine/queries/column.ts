import { INSPECT } from '../../base/inspection.js'
import type { Place } from '../attributes/attribute.js'
import { quoteName, type SqlValue } from '../database/sql-value.js'
import { ConstraintError } from '../errors.js'
import type { ItemType, NamedAttribute } from '../items/item-type.js'
import { assertComparable } from './comparable.js'
import { Comparison, type Scope } from './comparison.js'
import { assertPattern, literally, type PatternPart, writePattern } from './pattern.js'
import type { Source } from './source.js'
import { writeList } from './value-list.js'

export interface Ordering {
  readonly column: Column<unknown>
  readonly direction: 'ASC' | 'DESC'
}

/** A query that stands for a list inside a comparison. Its nulls do not count. */
export interface Subselect<C> {
  /** The column that its values are of. */
  readonly selected: C
  /** A SELECT in parentheses. @throws CrossStoreReferenceError when it asks another store. */
  writeInside(scope: Scope): string
}

/**
 * An attribute seen from outside its items: what comparisons and orderings are made of.
 *
 * `T` is the value without null, `R` what reading gives, `M` what else than a `Column<T>` it may be compared with.
 * Values go through the same conversion as when they are stored, so a value that the attribute could not hold cannot
 * be compared with it either; a deleted item can, which finds what still refers to it. Text compares by the collation of
 * the column on the left; patterns ignore ASCII case on any column, as SQLite's LIKE does. A `path` is compared and
 * matched as it is stored, relative to `files/`.
 */
export class Column<T, R = T | null, M = never> {
  readonly source: Source
  readonly name: string
  readonly #named: NamedAttribute

  constructor(source: Source, named: NamedAttribute) {
    this.source = source
    this.name = named.name
    this.#named = named
  }

  get type(): ItemType {
    return this.source.type
  }

  [INSPECT](): string {
    return `${this.constructor.name}(${this.type.typeName}.${this.name})`
  }

  /** The attribute behind it. */
  get named(): NamedAttribute {
    return this.#named
  }

  /** With null: IS NULL. */
  equals(value: T | null | Column<T> | M): Comparison {
    return value === null ? this.#compose(() => 'IS NULL') : this.#compare('=', value)
  }

  /** With null: IS NOT NULL. Otherwise rows where the column is null do not match, as in SQL. */
  notEquals(value: T | null | Column<T> | M): Comparison {
    return value === null ? this.#compose(() => 'IS NOT NULL') : this.#compare('!=', value)
  }

  lessThan(value: T | Column<T> | M): Comparison {
    return this.#compare('<', value)
  }

  lessOrEqual(value: T | Column<T> | M): Comparison {
    return this.#compare('<=', value)
  }

  greaterThan(value: T | Column<T> | M): Comparison {
    return this.#compare('>', value)
  }

  greaterOrEqual(value: T | Column<T> | M): Comparison {
    return this.#compare('>=', value)
  }

  /** In a list of any length, or among what another query of the same store finds. Nothing is in an empty one. */
  oneOf(values: readonly T[] | Subselect<Column<T> | M>): Comparison {
    return this.#inList('IN', values)
  }

  /** The contrary, where the column is not null. An empty list matches everything, nulls too. */
  notOneOf(values: readonly T[] | Subselect<Column<T> | M>): Comparison {
    return this.#inList('NOT IN', values)
  }

  /**
   * SQL's LIKE, the parts joined. In strings `%` and `_` are wildcards and `\` escapes them; what a column holds
   * matches literally.
   */
  like(this: Column<string>, ...parts: readonly (string | Column<string>)[]): Comparison {
    return this.#matches('LIKE', parts)
  }

  /** The contrary, where the column is not null. */
  notLike(this: Column<string>, ...parts: readonly (string | Column<string>)[]): Comparison {
    return this.#matches('NOT LIKE', parts)
  }

  startsWith(this: Column<string>, ...parts: readonly (string | Column<string>)[]): Comparison {
    return this.#matches('LIKE', [...parts.map(literally), '%'])
  }

  endsWith(this: Column<string>, ...parts: readonly (string | Column<string>)[]): Comparison {
    return this.#matches('LIKE', ['%', ...parts.map(literally)])
  }

  contains(this: Column<string>, ...parts: readonly (string | Column<string>)[]): Comparison {
    return this.#matches('LIKE', ['%', ...parts.map(literally), '%'])
  }

  get ascending(): Ordering {
    return { column: this as Column<unknown>, direction: 'ASC' }
  }

  get descending(): Ordering {
    return { column: this as Column<unknown>, direction: 'DESC' }
  }

  /** The column's name in its table. */
  sqlName(): string {
    return quoteName(this.name)
  }

  /** What SQLite returned for this column, as a value. */
  decode(stored: SqlValue, place: Place): R {
    return (stored === null ? null : this.#named.attribute.decode(stored, place, this.#named.label)) as R
  }

  /** A value, or a column that can be compared with this one, as SQL. */
  writeOperand(value: unknown, scope: Scope): string {
    return value instanceof Column ? scope.column(value) : scope.bind(this.#encode(scope, value))
  }

  /** @throws ConstraintError for a column whose stored values mean something else. */
  assertComparableWith(value: unknown): void {
    if (value instanceof Column) assertComparable(this.#named, value.named)
  }

  #compose(write: (scope: Scope) => string, also: readonly Source[] = []): Comparison {
    return new Comparison([this.source, ...also], scope => `${scope.column(this)} ${write(scope)}`)
  }

  #compare(operator: string, value: unknown): Comparison {
    this.assertComparableWith(value)
    const also = value instanceof Column ? [value.source] : []
    return this.#compose(scope => `${operator} ${this.writeOperand(value, scope)}`, also)
  }

  #inList(operator: 'IN' | 'NOT IN', values: readonly unknown[] | Subselect<unknown>): Comparison {
    if (!('writeInside' in values)) {
      const list = [...values]
      return this.#compose(
        s =>
          `${operator} ${writeList(
            list.map(value => this.#encode(s, value)),
            s,
          )}`,
      )
    }
    this.assertComparableWith(values.selected)
    return this.#compose(scope => `${operator} ${values.writeInside(scope)}`)
  }

  #matches(operator: 'LIKE' | 'NOT LIKE', parts: readonly PatternPart[]): Comparison {
    assertPattern(parts, this.#named.label)
    const also = parts.flatMap(part => (typeof part === 'string' ? [] : [part.source]))
    return this.#compose(scope => `${operator} ${writePattern(parts, scope)} ESCAPE '\\'`, also)
  }

  #encode(scope: Scope, value: unknown): SqlValue {
    const place: Place = { store: scope.store, locate: label => `a comparison with ${label}` }
    if (value === null || value === undefined)
      throw new ConstraintError(`${place.locate(this.#named.label)} takes no null`)
    const { attribute, label } = this.#named
    return attribute.encodeOperand?.(value, place, label) ?? attribute.encode(value, place, label)
  }
}
