import { ConstraintError } from '../errors.js'
import { Comparison, type Scope } from './comparison.js'
import type { QueryOptions } from './query-options.js'
import type { Selection } from './selection.js'
import type { StoreIDColumn } from './store-id-column.js'

/**
 * Options of a query for the same rows, each once: what only the comparison mentions moves into a SELECT inside. Limit
 * and offset then count what is left.
 * @throws ConstraintError for a sort by something of which a row may have met several.
 */
export function uniqueRows(selection: Selection, storeIDs: readonly StoreIDColumn[]): QueryOptions {
  const { options, orderings, sources, targets } = selection
  if (sources.length === targets.length) return options
  const own = storeIDs.map(({ source }) => source)
  const strange = orderings.find(({ column }) => !own.includes(column.source))?.column
  if (strange !== undefined)
    throw new ConstraintError(
      `distinct items cannot be sorted by ${strange.named.label}, of which each may meet several`,
    )
  const where = new Comparison(own, scope => {
    const names = storeIDs.map(column => scope.column(column)).join(', ')
    const write = (inner: Scope) => {
      const selected = storeIDs.map(column => inner.column(column)).join(', ')
      return selection.write(inner, selected, { ordered: false, limits: {} })
    }
    return `(${names}) IN ${selection.writeInside(scope, write, storeIDs.length)}`
  })
  return { ...options, where }
}
