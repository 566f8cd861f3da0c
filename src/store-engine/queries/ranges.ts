import { ConstraintError } from '../errors.js'
import { Column } from './column.js'
import { and, type Comparison } from './comparison.js'

type Operand<T> = T | Column<T>

/** `start` ≤ `value` < `end`. @throws ConstraintError where a bound and the value are both no columns. */
export function inRange<T>(start: Operand<T>, end: Operand<T>, value: Operand<T>): Comparison {
  return and(atMost(start, value), below(value, end))
}

/**
 * Rows whose range, from one column to the other, meets the range from `from` to `to`. Ranges that touch do meet, as
 * with Axiom's function of this name; both must lie the right way round.
 */
export function overlapping<T>(start: Column<T>, end: Column<T>, from: Operand<T>, to: Operand<T>): Comparison {
  return and(start.lessOrEqual(to), end.greaterOrEqual(from))
}

function atMost<T>(one: Operand<T>, other: Operand<T>): Comparison {
  if (one instanceof Column) return one.lessOrEqual(other)
  return other instanceof Column ? other.greaterOrEqual(one) : refuse()
}

function below<T>(one: Operand<T>, other: Operand<T>): Comparison {
  if (one instanceof Column) return one.lessThan(other)
  return other instanceof Column ? other.greaterThan(one) : refuse()
}

function refuse(): never {
  throw new ConstraintError('a range needs a column on one side of each comparison')
}
