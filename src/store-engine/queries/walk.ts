/**
 * Iterating while the store may change. An open cursor would forbid that, so rows are fetched in pages, and a row that
 * may have become out of date before its turn is read again.
 *
 * By storeID, each page begins behind the last; items that come meanwhile are no answer, or a loop that creates would
 * never end. In any other order the storeIDs of all rows are fixed first, so that a changed item neither comes twice
 * nor is passed over.
 */
import { quoteName, type SqlRow, type SqlValue } from '../database/sql-value.js'
import type { Scope } from './comparison.js'
import type { RowShape } from './row-shape.js'
import type { Selection } from './selection.js'

/** Rows fetched at a time. */
const PAGE = 500

interface Page {
  readonly rows: readonly SqlRow[]
  /** The engine's, when the rows were read. */
  readonly moment: number
}

/** Results in the order of the selection. Nothing is asked before the first is. */
export function* walk<R>(selection: Selection, shape: RowShape<R>): Generator<R> {
  const { engine } = selection
  const columns = (scope: Scope) => shape.columns(scope)
  for (const { rows, moment } of selection.isPlain ? byStoreID(selection, columns) : inFixedOrder(selection, shape)) {
    for (const row of rows) {
      const result = engine.moment === moment ? shape.toResult(row) : shape.refresh(row)
      if (result !== undefined) yield result
    }
  }
}

/** Pages of a plain selection; `columns` begin with the storeID. */
export function* byStoreID(selection: Selection, columns: (scope: Scope) => string): Generator<Page> {
  let after: SqlValue = -(2n ** 63n)
  let last: SqlValue | undefined
  for (;;) {
    const rows = selection.rows(scope =>
      selection.write(scope, columns(scope), { and: between(selection, after, last), limits: { limit: PAGE } }),
    )
    if (rows.length === PAGE) last ??= greatestStoreID(selection)
    yield { rows, moment: selection.engine.moment }
    if (rows.length < PAGE) return
    after = rows.at(-1)?.[0] ?? null
  }
}

function* inFixedOrder<R>(selection: Selection, shape: RowShape<R>): Generator<Page> {
  const { engine, options } = selection
  const limits = { limit: Math.min(options.limit ?? PAGE + 1, PAGE + 1), offset: options.offset }
  const rows = selection.rows(scope => selection.write(scope, shape.columns(scope), { limits }))
  if (rows.length <= PAGE) return yield { rows, moment: engine.moment }
  const keys = storeIDsOf(selection)
  for (let start = 0; start < keys.length; start += PAGE) {
    const page = rowsAt(selection, shape, keys.slice(start, start + PAGE))
    yield { rows: page, moment: engine.moment }
  }
}

function between(selection: Selection, low: SqlValue, high: SqlValue | undefined): (scope: Scope) => string {
  return scope => {
    const oid = selection.writeStoreIDs(scope)
    const above = `${oid} > ${scope.bind(low)}`
    return high === undefined ? above : `${above} AND ${oid} <= ${scope.bind(high)}`
  }
}

function greatestStoreID(selection: Selection): SqlValue | undefined {
  const table = selection.sources[0]?.type.table ?? ''
  return selection.row(() => `SELECT max(oid) FROM ${quoteName(table)}`)?.[0] ?? undefined
}

/** The storeIDs of all rows in order: numbers, or lists of them where rows are several items. */
function storeIDsOf(selection: Selection): readonly unknown[] {
  const write = (scope: Scope) => selection.write(scope, selection.writeStoreIDs(scope))
  if (selection.targets.length === 1) return selection.numbers(write)
  return selection.rows(write).map(row => row.map(Number))
}

/** The rows that have these storeIDs, in the order of the list and without those that are gone. */
function rowsAt<R>(selection: Selection, shape: RowShape<R>, keys: readonly unknown[]): SqlRow[] {
  const sources = shape.targets.map(({ source }) => source)
  return selection.rows(scope => {
    const tables = sources.map(source => `${quoteName(source.type.table)} AS ${scope.alias(source)}`)
    const conditions = sources.map((source, index) => {
      const value = sources.length === 1 ? 'keys.value' : `json_extract(keys.value, '$[${index}]')`
      return `${scope.alias(source)}.oid = ${value}`
    })
    const list = `json_each(${scope.bind(JSON.stringify(keys))}) AS keys`
    // CROSS JOIN keeps SQLite from turning the loops round.
    const from = [list, ...tables].join(' CROSS JOIN ')
    return `SELECT ${shape.columns(scope)} FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY keys.rowid`
  }, sources)
}
