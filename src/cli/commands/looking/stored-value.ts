import type { JsonValue } from '../../../base/json.js'
import type { GenericValue } from '../../../store-engine/schema/generic-rows.js'
import { HIDDEN, isSecret } from '../../../store-engine/schema/secret-attributes.js'

/**
 * A value out of a store as it is shown: integers that a number cannot hold, decimals and numbers that JSON lacks
 * (`Infinity`) as text, times in RFC 3339, bytes in hexadecimal. References are storeIDs and paths as stored.
 */
export function shownValue(value: GenericValue): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')
  return 'toJSON' in value ? value.toJSON() : value
}

/** The same for the value of an attribute, unless it is a secret. */
export function shownUnlessSecret(value: GenericValue, typeName: string, attribute: string): JsonValue {
  return value !== null && isSecret(typeName, attribute) ? HIDDEN : shownValue(value)
}
