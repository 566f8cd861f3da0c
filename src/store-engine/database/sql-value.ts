import { IntegrityError } from '../../base/errors.js'

/** A value as SQLite holds it. Integers read back are always bigint; numbers occur only on the way in and for REAL. */
export type SqlValue = bigint | number | string | Uint8Array | null

/** One row in column order; the item tables' rows begin with the storeID. */
export type SqlRow = SqlValue[]

/** `name` as an SQL identifier. Names read from a file are hostile, so quotes are doubled, never trusted. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A storeID out of a row. @throws IntegrityError beyond 2^53, where numbers are no longer exact. */
export function toStoreID(value: SqlValue | undefined): number {
  const storeID = Number(value)
  if (Number.isSafeInteger(storeID)) return storeID
  throw new IntegrityError(`${value} is no storeID that can be told from its neighbours`, { code: 'UNSAFE_STORE_ID' })
}
