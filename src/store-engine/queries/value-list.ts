import type { SqlValue } from '../database/sql-value.js'
import type { Scope } from './comparison.js'

/** From here on a list goes to SQLite as one JSON parameter: it allows 32,766 variables in a statement. */
const LONG_LIST = 500

/** Values for the right side of IN, however many; in parentheses. */
export function writeList(values: readonly SqlValue[], scope: Scope): string {
  if (values.length <= LONG_LIST) return `(${values.map(each => scope.bind(each)).join(', ')})`
  // JSON has no bytes.
  if (values.some(each => each instanceof Uint8Array))
    return `(SELECT unhex(value) FROM json_each(${scope.bind(JSON.stringify(values.map(hex)))}))`
  return `(SELECT value FROM json_each(${scope.bind(`[${values.map(json).join(',')}]`)}))`
}

function hex(value: SqlValue): string {
  return Buffer.from(value as Uint8Array).toString('hex')
}

function json(value: SqlValue): string {
  if (typeof value === 'bigint') return value.toString()
  // JSON has no infinity; SQLite reads a number beyond the range as one.
  if (value === Number.POSITIVE_INFINITY) return '9e999'
  return value === Number.NEGATIVE_INFINITY ? '-9e999' : JSON.stringify(value)
}
