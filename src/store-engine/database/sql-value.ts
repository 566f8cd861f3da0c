import { IntegrityError } from '../../base/errors.js'

/** A value as SQLite holds it. Integers read back are always bigint; numbers occur only on the way in and for REAL. */
export type SqlValue = bigint | number | string | Uint8Array | null

/** One row in column order; the item tables' rows begin with the storeID. */
export type SqlRow = SqlValue[]

/**
 * `name` as an SQL identifier. Names read from a file are hostile, so quotes are doubled, never trusted.
 * @throws IntegrityError where it holds the character that ends a statement for SQLite.
 */
export function quoteName(name: string): string {
  if (name.includes('\0'))
    throw new IntegrityError(`${JSON.stringify(name)} can be no name in SQL`, { code: 'STORE_DAMAGED' })
  return `"${name.replaceAll('"', '""')}"`
}

/** A storeID beyond 2^53, where numbers are no longer exact. */
export class UnsafeStoreIDError extends IntegrityError {
  constructor(value: SqlValue | undefined) {
    super(`${value} is no storeID that can be told from its neighbours`, { code: 'UNSAFE_STORE_ID' })
  }
}

/** A storeID out of a row. @throws UnsafeStoreIDError. */
export function toStoreID(value: SqlValue | undefined): number {
  const storeID = Number(value)
  if (Number.isSafeInteger(storeID)) return storeID
  throw new UnsafeStoreIDError(value)
}
