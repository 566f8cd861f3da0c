/**
 * Rows of any type, read with the store's own description and without the type's code: how types that nobody has
 * installed here are listed, compared and carried. Values are what a typed item would give, except that references
 * are storeIDs and paths stay as stored (relative to `files/`, with `/`).
 */
import { IntegrityError } from '../../base/errors.js'
import { Decimal } from '../attributes/decimal.js'
import { decodeTextList } from '../attributes/text-list.js'
import { Timestamp } from '../attributes/timestamp.js'
import type { Connection } from '../database/connection.js'
import { quoteName, type SqlRow, type SqlValue, toStoreID } from '../database/sql-value.js'
import { type AttributeOnDisk, selectRows, type TypeOnDisk } from './schema.js'

export type GenericValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly string[]
  | Uint8Array
  | Timestamp
  | Decimal

export interface GenericRow {
  readonly storeID: number
  readonly values: Readonly<Record<string, GenericValue>>
}

/** Which rows of a type, and how their values are read. */
export interface RowSelection {
  /** All of them hold. */
  readonly where?: readonly RowCondition[] | undefined
  readonly limit?: number | undefined
  /** Gives a value that contradicts its kind as it is stored, where a reader of the type would have to refuse it. */
  readonly lenient?: boolean | undefined
}

export interface RowCondition {
  /** The name of a column; null stands for the storeID. */
  readonly attribute: string | null
  /** Compared by the collation of the column; null finds the rows without a value. */
  readonly stored: SqlValue
}

const PAGE = 500

/** Rows of a type by storeID, a page at a time: writing in between is safe. */
export function* genericRows(
  connection: Connection,
  type: TypeOnDisk,
  { where = [], limit = Number.POSITIVE_INFINITY, lenient = false }: RowSelection = {},
): Generator<GenericRow> {
  const decode = rowDecoder(type, lenient)
  const conditions = ['oid > ?', ...where.map(conditionSql)].join(' AND ')
  const page = connection.prepare(selectRows(type, `WHERE ${conditions} ORDER BY oid LIMIT ?`))
  const bound = where.map(({ stored }) => stored).filter(stored => stored !== null)
  const readPage = (after: SqlValue, left: number) => page.all(after, ...bound, BigInt(Math.min(left, PAGE)))
  let left = limit
  for (let rows = readPage(-(2n ** 63n), left); rows.length > 0; rows = readPage(rows.at(-1)?.[0] ?? null, left)) {
    left -= rows.length
    for (const row of rows) yield { storeID: toStoreID(row[0]), values: decode(row) }
  }
}

function conditionSql({ attribute, stored }: RowCondition): string {
  const column = attribute === null ? 'oid' : quoteName(attribute)
  return stored === null ? `${column} IS NULL` : `${column} = ?`
}

/** The values of one row; undefined when there is none. */
export function genericRow(
  connection: Connection,
  type: TypeOnDisk,
  storeID: number,
): Record<string, GenericValue> | undefined {
  const row = connection.prepare(selectRows(type, 'WHERE oid = ?')).get(storeID)
  return row === undefined ? undefined : rowDecoder(type, false)(row)
}

type ValueDecoder = (stored: Exclude<SqlValue, null>) => GenericValue

function rowDecoder(type: TypeOnDisk, lenient: boolean): (row: SqlRow) => Record<string, GenericValue> {
  const columns = type.attributes.map((attribute, index) => ({
    name: attribute.name,
    position: index + 1,
    decode: valueDecoder(attribute, lenient ? plainValue : refusal(attribute, type)),
  }))
  return row => {
    const values: Record<string, GenericValue> = Object.create(null)
    for (const { name, position, decode } of columns) {
      const stored = row[position] ?? null
      values[name] = stored === null ? null : decode(stored)
    }
    return values
  }
}

function refusal({ kind, name }: AttributeOnDisk, type: TypeOnDisk): ValueDecoder {
  return stored => {
    throw new IntegrityError(`${type.typeName}.${name} is said to be ${kind} and holds ${typeof stored}`)
  }
}

/** @param bad - what becomes of a value that contradicts its kind. */
function valueDecoder({ kind }: AttributeOnDisk, bad: ValueDecoder): ValueDecoder {
  const scale = kind === 'money' ? 4 : Number(/^point(\d+)decimal$/.exec(kind)?.[1] ?? -1)
  if (scale >= 0) return stored => (typeof stored === 'bigint' ? Decimal.scaled(stored, scale) : bad(stored))
  switch (kind) {
    case 'boolean':
      return stored => (stored === 1n ? true : stored === 0n ? false : bad(stored))
    case 'timestamp':
      return stored => (typeof stored === 'bigint' ? Timestamp.fromMicroseconds(stored) : bad(stored))
    case 'textlist':
      return stored => (typeof stored === 'string' ? decodeTextList(stored) : bad(stored))
    case 'ieee754_double':
      return stored => (typeof stored === 'number' || typeof stored === 'bigint' ? Number(stored) : bad(stored))
    default:
      return plainValue
  }
}

function plainValue(stored: Exclude<SqlValue, null>): GenericValue {
  if (typeof stored !== 'bigint') return stored
  const value = Number(stored)
  return Number.isSafeInteger(value) ? value : stored
}
