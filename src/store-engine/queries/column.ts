import type { Place } from '../attributes/attribute.js'
import { quoteName, type SqlValue } from '../database/sql-value.js'
import { ConstraintError } from '../errors.js'
import type { ItemType, NamedAttribute } from '../items/item-type.js'
import { Comparison, type Scope } from './comparison.js'

export interface Ordering {
  readonly column: Column<unknown>
  readonly direction: 'ASC' | 'DESC'
}

/** From here on a list goes to SQLite as one JSON parameter: it allows 32,766 variables in a statement. */
const LONG_LIST = 500

/**
 * An attribute seen from outside its items: what comparisons and orderings are made of.
 *
 * Values go through the same conversion as when they are stored, so a value that the attribute could not hold cannot
 * be compared with it either. Text compares by the column's collation; patterns ignore ASCII case on any column, as
 * SQLite's LIKE does.
 */
export class Column<T> {
  readonly type: ItemType
  readonly name: string
  readonly #named: NamedAttribute

  constructor(type: ItemType, named: NamedAttribute) {
    this.type = type
    this.name = named.name
    this.#named = named
  }

  /** With null: IS NULL. */
  equals(value: T | null | Column<T>): Comparison {
    return value === null ? this.#compose('IS NULL') : this.#compare('=', value)
  }

  /** With null: IS NOT NULL. Otherwise rows where the column is null do not match, as in SQL. */
  notEquals(value: T | null | Column<T>): Comparison {
    return value === null ? this.#compose('IS NOT NULL') : this.#compare('!=', value)
  }

  lessThan(value: T | Column<T>): Comparison {
    return this.#compare('<', value)
  }

  lessOrEqual(value: T | Column<T>): Comparison {
    return this.#compare('<=', value)
  }

  greaterThan(value: T | Column<T>): Comparison {
    return this.#compare('>', value)
  }

  greaterOrEqual(value: T | Column<T>): Comparison {
    return this.#compare('>=', value)
  }

  /** An empty list matches nothing. */
  oneOf(values: readonly T[]): Comparison {
    return this.#inList('IN', values)
  }

  /** An empty list matches everything. */
  notOneOf(values: readonly T[]): Comparison {
    return this.#inList('NOT IN', values)
  }

  /** SQL's LIKE with `%` and `_` as wildcards and `\` to escape them. */
  like(this: Column<string>, pattern: string): Comparison {
    return this.#matches(pattern)
  }

  startsWith(this: Column<string>, prefix: string): Comparison {
    return this.#matches(`${escapeLike(prefix)}%`)
  }

  endsWith(this: Column<string>, suffix: string): Comparison {
    return this.#matches(`%${escapeLike(suffix)}`)
  }

  contains(this: Column<string>, part: string): Comparison {
    return this.#matches(`%${escapeLike(part)}%`)
  }

  get ascending(): Ordering {
    return { column: this as Column<unknown>, direction: 'ASC' }
  }

  get descending(): Ordering {
    return { column: this as Column<unknown>, direction: 'DESC' }
  }

  /** The column's name in a statement. */
  sqlName(): string {
    return this.name === 'storeID' && this.#named.position === 0 ? 'oid' : quoteName(this.name)
  }

  /** What SQLite returned for this column, as a value. */
  decode(stored: SqlValue, place: Place): T | null {
    return stored === null ? null : (this.#named.attribute.decode(stored, place, this.#named.label) as T)
  }

  #compose(operator: string): Comparison {
    return new Comparison([this.type], scope => `${scope.column(this)} ${operator}`)
  }

  #compare(operator: string, value: T | Column<T>): Comparison {
    if (!(value instanceof Column)) {
      return new Comparison([this.type], scope => `${scope.column(this)} ${operator} ${this.#bind(scope, value)}`)
    }
    this.#assertComparable(value)
    return new Comparison([this.type, value.type], s => `${s.column(this)} ${operator} ${s.column(value)}`)
  }

  #assertComparable(other: Column<T>): void {
    const kinds = [this.#named.attribute.kind, other.#named.attribute.kind]
    if (kinds.some(isDecimal) && kinds[0] !== kinds[1])
      throw new ConstraintError(`cannot compare ${this.name} (${kinds[0]}) with ${other.name} (${kinds[1]})`)
  }

  #inList(operator: 'IN' | 'NOT IN', values: readonly T[]): Comparison {
    return new Comparison([this.type], scope => {
      const encoded = values.map(value => this.#encode(scope, value))
      if (encoded.length <= LONG_LIST)
        return `${scope.column(this)} ${operator} (${encoded.map(each => scope.bind(each)).join(', ')})`
      return `${scope.column(this)} ${operator} (SELECT value FROM json_each(${scope.bind(jsonList(encoded))}))`
    })
  }

  #matches(pattern: string): Comparison {
    if (typeof pattern !== 'string' || pattern.includes('\0') || !pattern.isWellFormed())
      throw new ConstraintError(`a pattern for ${this.#named.label} is text without U+0000 and half surrogate pairs`)
    return new Comparison([this.type], scope => `${scope.column(this)} LIKE ${scope.bind(pattern)} ESCAPE '\\'`)
  }

  #bind(scope: Scope, value: T): string {
    return scope.bind(this.#encode(scope, value))
  }

  #encode(scope: Scope, value: T): SqlValue {
    const place: Place = { store: scope.store, locate: label => `a comparison with ${label}` }
    if (value === null || value === undefined)
      throw new ConstraintError(`${place.locate(this.#named.label)} takes no null`)
    return this.#named.attribute.encode(value, place, this.#named.label)
  }
}

function isDecimal(kind: string): boolean {
  return kind === 'money' || /^point\d+decimal$/.test(kind)
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

function jsonList(values: readonly SqlValue[]): string {
  const parts = values.map(value => {
    if (value instanceof Uint8Array) throw new ConstraintError(`at most ${LONG_LIST} byte strings can be listed`)
    if (typeof value === 'bigint') return value.toString()
    // JSON has no infinity; SQLite reads a number beyond the range as one.
    if (value === Number.POSITIVE_INFINITY) return '9e999'
    return value === Number.NEGATIVE_INFINITY ? '-9e999' : JSON.stringify(value)
  })
  return `[${parts.join(',')}]`
}

/** The storeID as a column; it has no attribute of its own. */
export function storeIDColumn(type: ItemType): Column<number> {
  return new Column<number>(type, {
    name: 'storeID',
    position: 0,
    label: `${type.typeName}.storeID`,
    attribute: {
      kind: 'integer',
      sqltype: 'INTEGER',
      allowNull: false,
      mayOmit: false,
      indexed: true,
      doc: '',
      initial: undefined,
      encode: value => Number(value),
      decode: Number,
    },
  })
}
