/**
 * Pages by key: each begins behind the last row of the one before, by the values that the row was sorted by, with the
 * storeIDs to part equal ones. So a page costs the same wherever it is, and what is deleted or created in between
 * shifts nothing. Nulls come first, descending last, as SQLite sorts them.
 */
import { IntegrityError } from '../../base/errors.js'
import type { SqlRow, SqlValue } from '../database/sql-value.js'
import { ConstraintError } from '../errors.js'
import type { Scope } from './comparison.js'
import type { RowShape } from './row-shape.js'
import type { Selection } from './selection.js'

/** One thing that rows are sorted by. */
interface Key {
  write(scope: Scope): string
  readonly descending: boolean
  /** The value that the last row had. */
  readonly value: SqlValue
}

/** See RowQuery.paginate. @throws ConstraintError for a page size that is no whole number above zero. */
export function paginate<R>(selection: Selection, shape: RowShape<R>, pageSize: number): Generator<R[]> {
  if (!Number.isSafeInteger(pageSize) || pageSize < 1)
    throw new ConstraintError(`a page holds a whole number of items above zero, not ${pageSize}`)
  return pages(selection, shape, pageSize)
}

function* pages<R>(selection: Selection, shape: RowShape<R>, pageSize: number): Generator<R[]> {
  let left = selection.options.limit ?? Number.POSITIVE_INFINITY
  let { offset } = selection.options
  let last: readonly SqlValue[] | undefined
  while (left > 0) {
    const limit = Math.min(pageSize, left)
    const rows = readPage(selection, shape, { last, limit, offset })
    if (rows.length === 0) return
    last = proceed(last, rows.at(-1)?.slice(shape.width) ?? [])
    left -= rows.length
    // What was skipped lies before the first page.
    offset = 0
    yield rows.map(row => shape.toResult(row.slice(0, shape.width)))
    if (rows.length < limit) return
  }
}

/**
 * @throws IntegrityError where the page ends where the one before it has ended. What is not UTF-8 is read as something
 *   else, behind which it then lies itself: for ever, were it not told.
 */
function proceed(last: readonly SqlValue[] | undefined, reached: readonly SqlValue[]): readonly SqlValue[] {
  if (last?.every((value, index) => value === reached[index]) !== true) return reached
  throw new IntegrityError('rows cannot be paged by a column with text that is not UTF-8')
}

interface Place {
  readonly last: readonly SqlValue[] | undefined
  readonly limit: number
  readonly offset: number | undefined
}

function readPage<R>(selection: Selection, shape: RowShape<R>, { last, limit, offset }: Place): SqlRow[] {
  return selection.rows(scope => {
    const keys = keysOf(selection, last ?? [])
    const what = [shape.columns(scope), ...keys.map(key => key.write(scope))].join(', ')
    const and = last === undefined ? undefined : (inner: Scope) => writeBehind(keys, inner)
    return selection.write(scope, what, { and, limits: { limit, offset } })
  })
}

/** What `Selection.writeOrder` sorts by. */
function keysOf({ orderings, sources }: Selection, values: readonly SqlValue[]): Key[] {
  const columns = orderings.map(({ column, direction }) => ({
    write: (scope: Scope) => scope.column(column),
    descending: direction === 'DESC',
  }))
  const storeIDs = sources.map(source => ({
    write: (scope: Scope) => `${scope.alias(source)}.oid`,
    descending: false,
  }))
  return [...columns, ...storeIDs].map((key, index) => ({ ...key, value: values[index] ?? null }))
}

/** Behind in the first key, or equal there and behind in the rest. */
function writeBehind([key, ...rest]: readonly Key[], scope: Scope): string {
  if (key === undefined) return '0'
  const name = key.write(scope)
  const strictly = writeStrictlyBehind(key, scope)
  if (rest.length === 0) return strictly
  const otherwise = `(${strictly} OR (${name} IS ${scope.bind(key.value)} AND ${writeBehind(rest, scope)}))`
  // Says what follows from the rest, so that an index can be used.
  if (key.descending || key.value === null) return otherwise
  return `${otherwise} AND ${name} >= ${scope.bind(key.value)}`
}

function writeStrictlyBehind({ write, descending, value }: Key, scope: Scope): string {
  const name = write(scope)
  if (value === null) return descending ? '0' : `${name} IS NOT NULL`
  return descending ? `(${name} < ${scope.bind(value)} OR ${name} IS NULL)` : `${name} > ${scope.bind(value)}`
}
