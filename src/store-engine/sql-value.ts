/** A value as SQLite holds it. Integers read back are always bigint; numbers occur only on the way in and for REAL. */
export type SqlValue = bigint | number | string | Uint8Array | null

/** One row in column order; the item tables' rows begin with the storeID. */
export type SqlRow = SqlValue[]

/** `name` as an SQL identifier. Names read from a file are hostile, so quotes are doubled, never trusted. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
