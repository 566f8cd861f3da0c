import type { JsonValue } from '../base/json.js'
import { DamagedStoreError } from '../store-engine/errors.js'

/**
 * JSON out of a row of the administration tables.
 * @throws DamagedStoreError where it is none; only somebody else can have written that.
 */
export function parseStoredJson(text: string, where: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new DamagedStoreError(`${where} holds no JSON`, { cause })
  }
}
