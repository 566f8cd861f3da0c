import type { JsonValue } from '../../base/json.js'
import type { Facet } from '../../sharing/shared-facet.js'

/** How deep values of facets are written; nothing of ours goes deeper, and a circle has no end. */
const DEEPEST = 10

/** The members of a facet that are no methods, for programs that its offering has no form of its own for. */
export function facetAsJson(facet: Facet): JsonValue {
  const members = Object.keys(facet).map(name => [name, asJson(facet[name], DEEPEST)] as const)
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as JsonValue
}

/** Undefined for what JSON has no form for. Classes of the toolkit say by `toJSON` what they are. */
function asJson(value: unknown, depth: number): JsonValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || depth === 0) return undefined
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(each => asJson(each, depth - 1) ?? null)
  const { toJSON } = value as { readonly toJSON?: unknown }
  if (typeof toJSON === 'function') return asJson(Reflect.apply(toJSON, value, []), depth - 1)
  const members = Object.entries(value).map(([name, member]) => [name, asJson(member, depth - 1)] as const)
  return Object.fromEntries(members.filter(([, member]) => member !== undefined)) as JsonValue
}
