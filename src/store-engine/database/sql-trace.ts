/**
 * Shows what the engine asks SQLite, for `--debug`. Statements are told with their placeholders and never with the
 * values, among which are password hashes and whatever people keep in their stores.
 */

/** @param directory - the store's; null for one in memory. */
export type SqlListener = (sql: string, directory: string | null) => void

/** Read before every statement, so it must cost nothing while nobody listens. */
export const sqlTrace: { listener: SqlListener | undefined } = { listener: undefined }

/** Tells every statement of this process from now on; of its workers none. */
export function traceSql(listener: SqlListener): void {
  sqlTrace.listener = listener
}
