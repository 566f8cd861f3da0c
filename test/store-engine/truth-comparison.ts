/**
 * Holds what this project reads out of the stores of a site against what the original software read out of them.
 *
 * Both sides are brought to one plain form, chosen by the kind that the store itself records for an attribute. The
 * expected side is parsed with nothing of the engine's but Decimal; the differences come back as lines to read.
 */
import { join, relative } from 'node:path'
import { Decimal } from '../../src/store-engine/attributes/decimal.js'
import { Timestamp } from '../../src/store-engine/attributes/timestamp.js'
import type { GenericRow } from '../../src/store-engine/schema/generic-rows.js'
import type { TypeOnDisk } from '../../src/store-engine/schema/schema.js'
import { Store } from '../../src/store-engine/store.js'
import type { Truth } from '../support/fixtures.js'

/** Rows of one type as some reader sees them; undefined where the reader has no business with the type. */
export type RowReader = (store: Store, type: TypeOnDisk) => Iterable<GenericRow> | undefined

type TruthRow = Truth[string]['items'][string][number]

export interface ComparedSite {
  readonly differences: readonly string[]
  /** `typeName vN` of every type that the reader read at least one row of. */
  readonly types: ReadonlySet<string>
  readonly rows: number
}

export function compareSite(siteDirectory: string, truth: Truth, read: RowReader): ComparedSite {
  const differences: string[] = []
  const types = new Set<string>()
  let rows = 0
  for (const [path, { items }] of Object.entries(truth)) {
    using store = Store.open(join(siteDirectory, path), { readonly: true })
    for (const type of store.typesOnDisk()) {
      const label = `${type.typeName} v${type.version}`
      const actual = read(store, type)
      if (actual === undefined) continue
      const found = [...actual]
      rows += found.length
      if (found.length > 0) types.add(label)
      const compared = compareRows(type, items[label] ?? [], found, siteDirectory)
      differences.push(...compared.map(line => `${path}: ${label} ${line}`))
    }
  }
  return { differences, types, rows }
}

/** The generic way: no code of any type. */
export const readGenerically: RowReader = (store, type) =>
  [...store.rowsOf(type)].map(({ storeID, values }) => ({ storeID, values: withAbsolutePaths(store, type, values) }))

function withAbsolutePaths(store: Store, type: TypeOnDisk, values: GenericRow['values']): GenericRow['values'] {
  const entries = type.attributes.map(({ name, kind }) => {
    const value = values[name] ?? null
    return [name, kind === 'path' && value !== null ? join(store.filesDirectory ?? '', String(value)) : value]
  })
  return Object.fromEntries(entries)
}

function compareRows(type: TypeOnDisk, expected: readonly TruthRow[], actual: readonly GenericRow[], site: string) {
  const byId = new Map(actual.map(row => [row.storeID, row.values]))
  const missing = expected.filter(row => !byId.has(Number(row['storeID'])))
  const known = new Set(expected.map(row => Number(row['storeID'])))
  const surplus = actual.filter(row => !known.has(row.storeID))
  return [
    ...missing.map(row => `item ${row['storeID']} is missing`),
    ...surplus.map(row => `item ${row.storeID} should not be there`),
    ...expected.flatMap(row => compareRow(type, row, byId.get(Number(row['storeID'])), site)),
  ]
}

function compareRow(type: TypeOnDisk, expected: TruthRow, actual: GenericRow['values'] | undefined, site: string) {
  if (actual === undefined) return []
  const names = new Set([...Object.keys(expected), ...Object.keys(actual), ...type.attributes.map(each => each.name)])
  names.delete('storeID')
  return [...names].flatMap(name => {
    const kind = type.attributes.find(each => each.name === name)?.kind ?? 'unknown'
    const wanted = plainTruth(expected[name])
    const got = plainValue(actual[name], kind, site)
    return wanted === got ? [] : [`item ${expected['storeID']}, ${name}: expected ${wanted}, read ${got}`]
  })
}

function plainTruth(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value)
  const { bigint, double, decimal, hex, path, iso, microseconds } = value as Record<string, string>
  if (bigint !== undefined) return bigint
  if (double !== undefined) return String(Number(double))
  if (decimal !== undefined) return `decimal ${Decimal.of(decimal)}`
  if (hex !== undefined) return `bytes ${hex}`
  if (path !== undefined) return `path ${path}`
  return `${microseconds} µs, ${Timestamp.parse(String(iso)).toIso()}`
}

function plainValue(value: unknown, kind: string, site: string): string {
  if (value === undefined) return 'nothing'
  if (value instanceof Decimal) return `decimal ${value}`
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (value instanceof Timestamp) return `${value.microseconds} µs, ${value.toIso()}`
  if (typeof value === 'bigint') return value.toString()
  if (kind === 'path' && value !== null) return `path ${relative(site, String(value))}`
  return JSON.stringify(value)
}
