import { IntegrityError } from '../../base/errors.js'
import type { Place } from '../attributes/attribute.js'
import { Decimal } from '../attributes/decimal.js'
import type { SqlValue } from '../database/sql-value.js'
import type { Column } from './column.js'
import { aggregate, type ValueRows } from './value-rows.js'

type NumberColumn = Column<unknown, unknown, unknown>

interface Total {
  readonly sum: number | bigint
  readonly count: number
}

/** The exact sum of the first column's values; nulls do not count and nothing sums to zero. */
export function sumOf(values: ValueRows, column: NumberColumn): unknown {
  const { sum } = totalOf(values, column)
  return typeof sum === 'number' ? sum : column.decode(sum, placeOf(values))
}

/**
 * The mean of the first column's values, undefined of none: of decimals one of the column's scale, halves to the even
 * digit; a number otherwise.
 */
export function averageOf(values: ValueRows, column: NumberColumn): number | Decimal | undefined {
  const { sum, count } = totalOf(values, column)
  if (count === 0) return undefined
  if (typeof sum === 'number') return sum / count
  const zero = column.decode(0n, placeOf(values))
  return zero instanceof Decimal ? Decimal.scaled(sum, zero.scale).dividedBy(BigInt(count)) : Number(sum) / count
}

function totalOf(values: ValueRows, column: NumberColumn): Total {
  return column.named.attribute.kind === 'ieee754_double' ? realTotal(values) : exactTotal(values, column)
}

function realTotal(values: ValueRows): Total {
  const [sum, count] = aggregate(values, 'sum(v0), count(v0)') ?? [null, 0n]
  // Infinities of both signs have no sum, which SQLite tells as null.
  return { sum: count === 0n ? 0 : sum === null ? Number.NaN : Number(sum), count: Number(count) }
}

/** SQLite's own sum() fails beyond 64 bits, so both halves of each integer are summed by themselves. */
function exactTotal(values: ValueRows, column: NumberColumn): Total {
  const halves = 'sum(v0 >> 32), sum(v0 & 4294967295), count(v0)'
  const strange = "max(typeof(v0) NOT IN ('integer', 'null'))"
  const [high, low, count, isStrange] = aggregate(values, `${halves}, ${strange}`) ?? []
  if (isStrange === 1n) throw new IntegrityError(`${column.named.label} holds something that is no integer`)
  return { sum: (toBigint(high) << 32n) + toBigint(low), count: Number(count ?? 0) }
}

function toBigint(value: SqlValue | undefined): bigint {
  return typeof value === 'bigint' ? value : 0n
}

function placeOf({ selection }: ValueRows): Place {
  return { store: selection.engine.store, locate: label => `the sum of ${label}` }
}
