/**
 * A value that {@link stringifyJson} can write. A `bigint` is allowed because 64-bit integers and
 * microseconds are everywhere in a store; it always becomes a JSON string, never a rounded number.
 */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject

export interface JsonObject {
  readonly [key: string]: JsonValue
}

/**
 * Writes one JSON document. Every `bigint` becomes a decimal string, so that no reader loses digits.
 *
 * @param indent - spaces per level; 0 (the default) writes one line.
 */
export function stringifyJson(value: JsonValue, indent = 0): string {
  return JSON.stringify(
    value,
    (_key, member: unknown) => (typeof member === 'bigint' ? String(member) : member),
    indent,
  )
}
