/** Rows of every kind that queries compare, and what SQLite makes of them, said again in plain JavaScript. */
import fc from 'fast-check'
import { boolean, bytes, integer, real, text, timestamp } from '../../../src/store-engine/attributes/attributes.js'
import { Decimal } from '../../../src/store-engine/attributes/decimal.js'
import { pointDecimal } from '../../../src/store-engine/attributes/decimal-attribute.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { Store } from '../../../src/store-engine/store.js'

export class Row extends item({
  typeName: 'query_row',
  version: 1,
  module: 'axiom.item',
  attributes: {
    label: text({ indexed: true }),
    exact: text({ caseSensitive: true }),
    n: integer({ indexed: true }),
    r: real(),
    price: pointDecimal(2),
    at: timestamp(),
    flag: boolean(),
    raw: bytes(),
  },
}) {}
registerItemTypes(Row)

export const NAMES = ['label', 'exact', 'n', 'r', 'price', 'at', 'flag', 'raw'] as const
export type Name = (typeof NAMES)[number]
export type Values = { readonly [K in Name]: Row[K] }
/** A row as the model has it. */
export type Kept = Values & { readonly storeID: number }

const letters = fc.constantFrom('a', 'A', 'b', 'B', '%', '_', '\\', 'ä', 'Ä', 'é', '€', '😀', '\uffff', ' ', "'", '"')
export const texts = fc.string({ unit: letters, maxLength: 3 })

const arbitraries: { readonly [K in Name]: fc.Arbitrary<Row[K] & {}> } = {
  label: texts,
  exact: texts,
  n: fc.integer({ min: -3, max: 3 }),
  r: fc.constantFrom(-1.5, -0.25, 0, 0.5, 2, Number.POSITIVE_INFINITY),
  price: fc.bigInt({ min: -300n, max: 300n }).map(each => Decimal.scaled(each, 2)),
  at: fc.bigInt({ min: -2n, max: 2n }).map(each => Timestamp.fromMicroseconds(each * 10n ** 15n)),
  flag: fc.boolean(),
  raw: fc.uint8Array({ maxLength: 2, max: 3 }),
}

export function valuesOf<K extends Name>(name: K): fc.Arbitrary<Row[K] & {}> {
  return arbitraries[name]
}

export const rows: fc.Arbitrary<Values[]> = fc.array(
  fc.record(
    Object.fromEntries(NAMES.map(name => [name, fc.option(valuesOf(name))])),
  ) as unknown as fc.Arbitrary<Values>,
  { maxLength: 12 },
)

export function storeWith(values: readonly Values[]): { store: Store; kept: Kept[] } {
  const store = Store.inMemory()
  store.batchInsert(Row, values)
  return { store, kept: values.map((each, index) => ({ ...each, storeID: index + 1 })) }
}

/** Negative, zero or positive as SQLite orders the values of a column; neither is null. */
export function compare(name: Name | 'storeID', one: unknown, other: unknown): number {
  const [a, b] = [key(name, one), key(name, other)]
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  return a === b ? 0 : (a as number) < (b as number) ? -1 : 1
}

function key(name: Name | 'storeID', value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(name === 'exact' ? value : fold(value))
  if (value instanceof Decimal) return value.unscaled
  return value instanceof Timestamp ? value.microseconds : value
}

/** ASCII letters without case. */
export function fold(value: string): string {
  return value.replace(/[A-Z]/g, letter => letter.toLowerCase())
}

/** SQL's LIKE with `\` to escape. */
export function isLike(value: string, pattern: string): boolean {
  const source = fold(pattern).replace(/\\(.)|[\s\S]/gsu, (token, escaped?: string) => {
    if (escaped !== undefined) return quoted(escaped)
    return token === '%' ? '.*' : token === '_' ? '.' : quoted(token)
  })
  return new RegExp(`^${source}$`, 'su').test(fold(value))
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
}
