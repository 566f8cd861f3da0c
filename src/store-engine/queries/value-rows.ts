import type { Place } from '../attributes/attribute.js'
import { type SqlRow, toStoreID } from '../database/sql-value.js'
import type { Column } from './column.js'
import type { Scope } from './comparison.js'
import { type Selection, writeLimits } from './selection.js'
import { byStoreID } from './walk.js'

/** Columns of a selection, looked at without making items. */
export interface ValueRows {
  readonly selection: Selection
  readonly columns: readonly Column<unknown, unknown, unknown>[]
  /** Equal rows count once, where the first of them would come. */
  readonly unique: boolean
}

/**
 * The values of each row, decoded. Of a plain selection a page at a time, and each comes as it was when its page was
 * read; otherwise all are read at once.
 */
export function* walkValues({ selection, columns, unique }: ValueRows): Generator<unknown[]> {
  const { store } = selection.engine
  if (!selection.isPlain || unique) {
    const place: Place = { store, locate: label => `a value of ${label}` }
    for (const row of selection.rows(scope => writeValues({ selection, columns, unique }, scope)))
      yield decodeRow(columns, row, place)
    return
  }
  const write = (scope: Scope) =>
    [selection.writeStoreIDs(scope), ...columns.map(each => scope.column(each))].join(', ')
  for (const { rows } of byStoreID(selection, write)) {
    for (const [storeID, ...row] of rows)
      yield decodeRow(columns, row, { store, locate: label => `${label} of item ${toStoreID(storeID)}` })
  }
}

function decodeRow(columns: ValueRows['columns'], row: SqlRow, place: Place): unknown[] {
  return columns.map((column, index) => column.decode(row[index] ?? null, place))
}

/** A SELECT of the columns as `v0`, `v1`, … in order and within the limits. */
export function writeValues({ selection, columns, unique }: ValueRows, scope: Scope): string {
  const values = columns.map((column, index) => `${scope.column(column)} AS v${index}`).join(', ')
  if (!unique) return selection.write(scope, values)
  const names = columns.map((_, index) => `v${index}`).join(', ')
  const all = `SELECT ${values}, row_number() OVER (ORDER BY ${selection.writeOrder(scope)}) AS place`
  const groups = `SELECT ${names} FROM (${all} ${selection.writeFrom(scope)}) GROUP BY ${names} ORDER BY min(place)`
  return [groups, ...writeLimits(scope, selection.options)].join(' ')
}

/** One row of aggregates over the values; undefined where the store has no table for them. */
export function aggregate(values: ValueRows, functions: string): SqlRow | undefined {
  return values.selection.row(scope => `SELECT ${functions} FROM (${writeValuesUnordered(values, scope)})`)
}

/** The same values as `writeValues`, in any order. */
export function writeValuesUnordered(values: ValueRows, scope: Scope): string {
  const { selection, columns, unique } = values
  if (unique || selection.isLimited) return writeValues(values, scope)
  const named = columns.map((column, index) => `${scope.column(column)} AS v${index}`).join(', ')
  return selection.write(scope, named, { ordered: false })
}
