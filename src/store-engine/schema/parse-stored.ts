/**
 * What a person types for a value of an attribute, in the form in which the store keeps it: the way back from what
 * `genericRows` gives and the command line prints.
 */
import { InvalidInputError } from '../../base/errors.js'
import { Decimal } from '../attributes/decimal.js'
import { encodeTextList } from '../attributes/text-list.js'
import { Timestamp } from '../attributes/timestamp.js'
import type { SqlValue } from '../database/sql-value.js'
import type { AttributeOnDisk } from './schema.js'

const BOOLEANS: Readonly<Record<string, bigint>> = { true: 1n, yes: 1n, '1': 1n, false: 0n, no: 0n, '0': 0n }
const DOUBLE = /^[+-]?(Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)$/
const LIMIT = 2n ** 63n

/** @throws InvalidInputError for a text that means no value of that kind. Kinds that nobody knows are taken as text. */
export function parseStored({ name, kind }: AttributeOnDisk, text: string): SqlValue {
  const digits = kind === 'money' ? 4 : Number(/^point(\d+)decimal$/.exec(kind)?.[1] ?? -1)
  if (digits >= 0) return parseDecimal(name, text, digits)
  switch (kind) {
    case 'integer':
    case 'reference':
      return /^[+-]?\d{1,19}$/.test(text) ? fitting(name, text, BigInt(text)) : refuse(name, text, 'a whole number')
    case 'boolean':
      return BOOLEANS[text.toLowerCase()] ?? refuse(name, text, 'true or false')
    case 'timestamp':
      return Timestamp.parse(text).microseconds
    case 'ieee754_double':
      return DOUBLE.test(text) ? Number(text) : refuse(name, text, 'a number')
    case 'bytes':
      return /^([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, 'hex') : refuse(name, text, 'bytes in hexadecimal')
    case 'textlist':
      return encodeTextList(parseList(name, text), name)
    default:
      return text
  }
}

/** As many digits as the column has; a number with more of them could equal no value. */
function parseDecimal(name: string, text: string, digits: number): bigint {
  const typed = Decimal.of(text)
  const exact = typed.rescale(digits)
  if (exact.equals(typed)) return fitting(name, text, exact.unscaled)
  return refuse(name, text, `a number with ${digits} digits after the point`)
}

function fitting(name: string, text: string, stored: bigint): bigint {
  return stored < LIMIT && stored >= -LIMIT ? stored : refuse(name, text, 'a number that 64 bits hold')
}

function parseList(name: string, text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list) && list.every(each => typeof each === 'string')) return list
  } catch {
    // refused below
  }
  return refuse(name, text, 'a list of texts in JSON, such as ["a","b"]')
}

function refuse(name: string, text: string, wanted: string): never {
  throw new InvalidInputError(`${name} is ${wanted}, not ${JSON.stringify(text)}`)
}
