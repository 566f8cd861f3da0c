/** Random conditions, each as a comparison for the store and as a function over rows of the model. */
import fc from 'fast-check'
import type { Column } from '../../../src/store-engine/queries/column.js'
import type { AnyColumn } from '../../../src/store-engine/queries/column-query.js'
import { ColumnTuple } from '../../../src/store-engine/queries/column-tuple.js'
import { and, type Comparison, not, or } from '../../../src/store-engine/queries/comparison.js'
import { inRange } from '../../../src/store-engine/queries/ranges.js'
import { compare, isLike, type Kept, NAMES, type Name, type Row, texts, valuesOf } from './row-model.js'

/** Rows of the model that take part, one for each class or placeholder of a query. */
export type Rows = readonly Kept[]

export interface Condition {
  readonly comparison: Comparison
  /** As SQL has it: null is neither. */
  readonly holds: (rows: Rows) => boolean | null
  readonly said: string
}

/** The columns of one class or placeholder. */
export type Columns = Pick<typeof Row, Name>

const OPERATORS = {
  equals: (order: number) => order === 0,
  notEquals: (order: number) => order !== 0,
  lessThan: (order: number) => order < 0,
  lessOrEqual: (order: number) => order <= 0,
  greaterThan: (order: number) => order > 0,
  greaterOrEqual: (order: number) => order >= 0,
}
type Operator = keyof typeof OPERATORS
const operators = fc.constantFrom(...(Object.keys(OPERATORS) as Operator[]))
type Loose = Record<Operator | 'oneOf' | 'notOneOf', (value: unknown) => Comparison>

interface Spot {
  readonly index: number
  readonly name: Name
  readonly column: AnyColumn & Loose
}

function valueAt({ index, name }: Spot, rows: Rows): unknown {
  return rows[index]?.[name] ?? null
}

function judge(name: Name, operator: Operator, one: unknown, other: unknown): boolean | null {
  return one === null || other === null ? null : OPERATORS[operator](compare(name, one, other))
}

/** Conditions over the given classes and placeholders. */
export function conditions(sources: readonly Columns[]): fc.Arbitrary<Condition> {
  const spot = (name: Name) =>
    fc
      .nat({ max: sources.length - 1 })
      .map((index): Spot => ({ index, name, column: sources[index]?.[name] as unknown as Spot['column'] }))
  const spots = fc.constantFrom(...NAMES).chain(spot)
  const leaves = fc.oneof(
    spots.chain(againstValue),
    spots.chain(against => spot(against.name).chain(other => againstColumn(against, other))),
    spots.chain(againstNull),
    spots.chain(inList),
    fc
      .constantFrom('label' as const, 'exact' as const)
      .chain(spot)
      .chain(likeParts),
    fc.tuple(spot('label'), spot('exact')).chain(([one, other]) => startsWithColumn(one, other)),
    fc.tuple(spot('n'), spot('price')).chain(([one, other]) => againstTuple(one, other)),
    spot('n').chain(withinRange),
  )
  return fc.letrec<{ tree: Condition }>(tie => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaves,
      tie('tree').map(negated),
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(parts => combined(parts, 'and')),
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(parts => combined(parts, 'or')),
    ),
  })).tree
}

function againstValue(spot: Spot): fc.Arbitrary<Condition> {
  return fc.tuple(operators, valuesOf(spot.name)).map(([operator, value]) => ({
    comparison: spot.column[operator](value),
    holds: rows => judge(spot.name, operator, valueAt(spot, rows), value),
    said: `${spot.index}.${spot.name} ${operator} ${JSON.stringify(value)}`,
  }))
}

function againstColumn(spot: Spot, other: Spot): fc.Arbitrary<Condition> {
  return operators.map(operator => ({
    comparison: spot.column[operator](other.column),
    holds: rows => judge(spot.name, operator, valueAt(spot, rows), valueAt(other, rows)),
    said: `${spot.index}.${spot.name} ${operator} ${other.index}.${other.name}`,
  }))
}

function againstNull(spot: Spot): fc.Arbitrary<Condition> {
  return fc.boolean().map(positive => ({
    comparison: positive ? spot.column.equals(null) : spot.column.notEquals(null),
    holds: rows => (valueAt(spot, rows) === null) === positive,
    said: `${spot.index}.${spot.name} is ${positive ? '' : 'not '}null`,
  }))
}

function inList(spot: Spot): fc.Arbitrary<Condition> {
  const padding = fc.constantFrom(1, 300)
  return fc
    .tuple(fc.boolean(), fc.array(valuesOf(spot.name), { maxLength: 3 }), padding)
    .map(([positive, some, times]) => {
      // The long way round, and through one parameter, lists must mean the same.
      const list = Array.from({ length: times }, () => some).flat()
      return {
        comparison: positive ? spot.column.oneOf(list) : spot.column.notOneOf(list),
        holds: rows => {
          const value = valueAt(spot, rows)
          if (some.length > 0 && value === null) return null
          return some.some(each => compare(spot.name, each, value) === 0) === positive
        },
        said: `${spot.index}.${spot.name} ${positive ? '' : 'not '}in ${JSON.stringify(some)} × ${times}`,
      }
    })
}

function likeParts(spot: Spot): fc.Arbitrary<Condition> {
  const column = spot.column as unknown as Column<string>
  const parts = fc
    .array(texts, { minLength: 1, maxLength: 2 })
    .filter(each => !/(?:^|[^\\])(?:\\\\)*\\$/.test(each.join('')))
  const kinds = fc.constantFrom('like', 'notLike', 'startsWith', 'endsWith', 'contains' as const)
  return fc.tuple(kinds, parts).map(([kind, given]) => {
    const whole = given.join('')
    const literal = whole.replace(/[\\%_]/g, '\\$&')
    const pattern = {
      ...{ like: whole, notLike: whole, startsWith: `${literal}%`, endsWith: `%${literal}`, contains: `%${literal}%` },
    }[kind]
    return {
      comparison: column[kind](...given),
      holds: rows => {
        const value = valueAt(spot, rows)
        return value === null ? null : isLike(value as string, pattern) === (kind !== 'notLike')
      },
      said: `${spot.index}.${spot.name} ${kind} ${JSON.stringify(given)}`,
    }
  })
}

function startsWithColumn(spot: Spot, other: Spot): fc.Arbitrary<Condition> {
  const [column, prefix] = [spot.column, other.column] as unknown as [Column<string>, Column<string>]
  return texts.map(then => ({
    comparison: column.startsWith(prefix, then),
    holds: rows => {
      const [value, part] = [valueAt(spot, rows), valueAt(other, rows)]
      if (value === null || part === null) return null
      return isLike(value as string, `${`${part}${then}`.replace(/[\\%_]/g, '\\$&')}%`)
    },
    said: `${spot.index}.${spot.name} starts with ${other.index}.${other.name} + ${JSON.stringify(then)}`,
  }))
}

function againstTuple(n: Spot, price: Spot): fc.Arbitrary<Condition> {
  const tuple = new ColumnTuple(n.column as unknown as typeof Row.n, price.column as unknown as typeof Row.price)
  const kinds = fc.constantFrom('lessThan', 'greaterOrEqual' as const)
  return fc.tuple(kinds, valuesOf('n'), valuesOf('price')).map(([operator, first, second]) => ({
    comparison: tuple[operator]([first, second]),
    holds: rows => {
      const order = valueAt(n, rows) === null ? null : compare('n', valueAt(n, rows), first)
      if (order !== 0) return order === null ? null : OPERATORS[operator](order)
      return judge('price', operator, valueAt(price, rows), second)
    },
    said: `(${n.index}.n, ${price.index}.price) ${operator} (${first}, ${second})`,
  }))
}

function withinRange(spot: Spot): fc.Arbitrary<Condition> {
  const column = spot.column as unknown as typeof Row.n
  return fc.tuple(valuesOf('n'), valuesOf('n')).map(([start, end]) => ({
    comparison: inRange(start, end, column),
    holds: rows => {
      const value = valueAt(spot, rows) as number | null
      return value === null ? null : start <= value && value < end
    },
    said: `${start} ≤ ${spot.index}.n < ${end}`,
  }))
}

function negated({ comparison, holds, said }: Condition): Condition {
  return {
    comparison: not(comparison),
    holds: rows => {
      const result = holds(rows)
      return result === null ? null : !result
    },
    said: `not (${said})`,
  }
}

function combined(parts: readonly Condition[], kind: 'and' | 'or'): Condition {
  const decides = kind === 'or'
  const comparisons = parts.map(({ comparison }) => comparison)
  return {
    comparison: kind === 'and' ? and(...comparisons) : or(...comparisons),
    holds: rows => {
      const results = parts.map(({ holds }) => holds(rows))
      if (results.includes(decides)) return decides
      return results.includes(null) ? null : !decides
    },
    said: `(${parts.map(({ said }) => said).join(` ${kind} `)})`,
  }
}
