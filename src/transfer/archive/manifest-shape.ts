/**
 * A look at the text of a stranger's manifest before it is parsed. Parsing costs memory for each value, many times its
 * length: sixty megabytes of brackets would be gigabytes of lists. What passes here is about as large parsed as it
 * is long.
 */
import type { JsonValue } from '../../base/json.js'

/** The deepest member is `files[].path`; some depth is left for members to come. */
const DEEPEST = 16
/** Six times as many as the largest manifest has room for in earnest. */
const MOST_VALUES = 4_000_000

export interface ManifestShape {
  /** Members of all objects, those that are given twice counted twice. */
  readonly members: number
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c]
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])

/** Undefined when the text is deeper, or has more values, than any manifest. It need not be JSON. */
export function shapeOf(text: Buffer): ManifestShape | undefined {
  let [depth, values, members, inString] = [0, 0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] as number
    if (inString) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === COLON) members++
    else if (byte === COMMA) values++
    else if (OPENING.has(byte)) [depth, values] = [depth + 1, values + 1]
    else if (CLOSING.has(byte)) depth--
    if (depth > DEEPEST || values > MOST_VALUES) return undefined
  }
  return { members }
}

/** Members of all objects in a parsed value. Fewer than its text has, where one was given twice. */
export function countMembers(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Array.isArray(value) ? (value as readonly JsonValue[]) : Object.values(value)
  const own = Array.isArray(value) ? 0 : inner.length
  return inner.reduce<number>((sum, each) => sum + countMembers(each), own)
}
