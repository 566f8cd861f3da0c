import { InvalidInputError } from '../../../base/errors.js'
import type { SqlValue } from '../../../store-engine/database/sql-value.js'

/**
 * `name=value` for each parameter. A value that SQL would read as a number, `null`, `x'00ff'` or `'text'` is that;
 * anything else is text.
 *
 * @throws InvalidInputError for one without a name, or given twice.
 */
export function parseSqlParameters(typed: readonly string[]): Readonly<Record<string, SqlValue>> {
  const parameters: Record<string, SqlValue> = Object.create(null)
  for (const each of typed) {
    const [, name = '', value = ''] = /^[:@$]?(\w+)=(.*)$/s.exec(each) ?? []
    const hint = 'write --param name=value for what the statement calls :name'
    if (name === '') throw new InvalidInputError(`not a parameter: ${each}`, { code: 'USAGE', hint })
    if (name in parameters) throw new InvalidInputError(`the parameter ${name} is given twice`, { code: 'USAGE', hint })
    parameters[name] = literal(value)
  }
  return parameters
}

const MAX_INTEGER = 2n ** 63n - 1n

function literal(text: string): SqlValue {
  if (/^null$/i.test(text)) return null
  if (/^[+-]?\d+$/.test(text)) return integer(BigInt(text))
  if (/^[+-]?(?:\d+\.\d*|\.\d+|\d+(?=e))(?:e[+-]?\d+)?$/i.test(text)) return Number(text)
  if (/^x'(?:[0-9a-f]{2})*'$/i.test(text)) return Buffer.from(text.slice(2, -1), 'hex')
  return /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text
}

/** As SQLite reads a literal: what 64 bits cannot hold is a float. */
function integer(value: bigint): SqlValue {
  return value > MAX_INTEGER || value < -MAX_INTEGER - 1n ? Number(value) : value
}
