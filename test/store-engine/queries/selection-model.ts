import fc from 'fast-check'
import type { Ordering } from '../../../src/store-engine/queries/column.js'
import { and } from '../../../src/store-engine/queries/comparison.js'
import type { QueryOptions } from '../../../src/store-engine/queries/query-options.js'
import { type Columns, type Condition, conditions, type Rows } from './condition-model.js'
import { compare, type Kept, NAMES, type Name } from './row-model.js'

/** Random options of a query over the given classes and placeholders, and what the rows of the model are then. */
export interface Asked {
  readonly options: QueryOptions
  /** The rows within the limits, in order. */
  readonly within: (all: readonly Rows[]) => Rows[]
  /** The rows before the limits. */
  readonly matching: (all: readonly Rows[]) => Rows[]
  /** What fast-check prints. */
  readonly [fc.toStringMethod]: () => string
}

interface Sort {
  readonly index: number
  readonly name: Name
  readonly descending: boolean
}

export function questions(sources: readonly Columns[], tie?: Condition): fc.Arbitrary<Asked> {
  const sorts: fc.Arbitrary<Sort[]> = fc.array(
    fc.record({
      index: fc.nat({ max: sources.length - 1 }),
      name: fc.constantFrom(...NAMES),
      descending: fc.boolean(),
    }),
    { maxLength: 3 },
  )
  const count = fc.option(fc.nat({ max: 8 }), { nil: undefined })
  const where = fc.option(conditions(sources), { nil: undefined })
  return fc.tuple(where, sorts, count, count).map(([condition, sort, limit, offset]) => {
    const matching = (all: readonly Rows[]) =>
      all
        .filter(each => [tie, condition].every(part => part === undefined || part.holds(each) === true))
        .sort((one, other) => inOrder(sort, one, other))
    const end = limit === undefined ? undefined : (offset ?? 0) + limit
    return {
      options: { where: both(tie, condition), sort: sort.map(each => orderingOf(sources, each)), limit, offset },
      within: all => matching(all).slice(offset ?? 0, end),
      matching,
      [fc.toStringMethod]: () => JSON.stringify({ where: condition?.said, sort, limit, offset }),
    }
  })
}

function both(tie: Condition | undefined, condition: Condition | undefined): QueryOptions['where'] {
  if (tie === undefined || condition === undefined) return (tie ?? condition)?.comparison
  return and(tie.comparison, condition.comparison)
}

function orderingOf(sources: readonly Columns[], { index, name, descending }: Sort): Ordering {
  const column = sources[index]?.[name] as Columns['n']
  return descending ? column.descending : column.ascending
}

function inOrder(sorts: readonly Sort[], one: Rows, other: Rows): number {
  for (const { index, name, descending } of sorts) {
    const order = nullsFirst(name, one[index]?.[name], other[index]?.[name])
    if (order !== 0) return descending ? -order : order
  }
  for (const [index, { storeID }] of one.entries()) {
    const order = storeID - (other[index] as Kept).storeID
    if (order !== 0) return order
  }
  return 0
}

function nullsFirst(name: Name, one: unknown, other: unknown): number {
  if (one === null || other === null) return Number(other === null) - Number(one === null)
  return compare(name, one, other)
}
