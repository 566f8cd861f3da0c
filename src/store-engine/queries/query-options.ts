import { ConstraintError } from '../errors.js'
import type { Ordering } from './column.js'
import type { Comparison } from './comparison.js'
import type { Target } from './placeholder.js'
import type { Source } from './source.js'

export interface QueryOptions {
  readonly where?: Comparison | undefined
  /** Several orderings count from left to right; the storeID breaks ties. */
  readonly sort?: Ordering | readonly Ordering[] | undefined
  readonly limit?: number | undefined
  readonly offset?: number | undefined
}

export type Limits = Pick<QueryOptions, 'limit' | 'offset'>

/** @throws ConstraintError for limits that are no whole numbers, or a comparison that leaves a target out. */
export function assertAskable(targets: readonly Target[], { where, limit, offset }: QueryOptions): void {
  assertCount('limit', limit)
  assertCount('offset', offset)
  assertWhole(targets, where)
}

function assertCount(name: string, value: number | undefined): void {
  if (value !== undefined && (!Number.isSafeInteger(value) || value < 0))
    throw new ConstraintError(`the ${name} of a query is a whole number, not ${value}`)
}

function assertWhole(targets: readonly Target[], where: Comparison | undefined): void {
  const sources = targets.map(({ source }) => source)
  if (sources.length === 0) throw new ConstraintError('a query for nothing')
  if (new Set(sources).size < sources.length)
    throw new ConstraintError('a class is joined with itself through a placeholder')
  if (where === undefined && sources.length === 1) return
  // Without a condition that ties them together, each would meet each.
  const left = sources.find(source => where?.sources.includes(source) !== true)
  if (left !== undefined) throw new ConstraintError(`a query for ${left.type.typeName} ${lacking(left, where)}`)
}

function lacking({ type }: Source, where: Comparison | undefined): string {
  if (where === undefined) return 'and others needs a comparison that ties them together'
  const others = where.sources.map(source => source.type.typeName).join(', ')
  return `cannot speak of ${others} alone: its comparison leaves ${type.typeName} out`
}
