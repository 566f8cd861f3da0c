/**
 * How often an event has failed in a row, for items with a retry policy.
 *
 * It must survive a restart, and travel with the store. The failure logs cannot tell: they name the item and not the
 * event, and an administrator clears them. So it is a plain table of the store, made at the first failure that is to
 * be retried, and ignored by the original software. Rows of events that were unscheduled are swept at the next change.
 */
import { quoteName } from '../store-engine/database/sql-value.js'
import type { Store } from '../store-engine/store.js'
import { TimedEvent } from './timed-event.js'

const TABLE = 'mantissa_event_attempt'

/** Counts one more failure of an event and returns how many there are in a row. Part of the caller's transaction. */
export function countFailure(event: TimedEvent): number {
  const { store, storeID } = event
  store.sql.exec(`CREATE TABLE IF NOT EXISTS ${TABLE} (event INTEGER PRIMARY KEY, failures INTEGER NOT NULL)`)
  sweep(store)
  store.sql.run(
    `INSERT INTO ${TABLE} (event, failures) VALUES (?, 1) ON CONFLICT (event) DO UPDATE SET failures = failures + 1`,
    storeID,
  )
  return store.sql.value<number>(`SELECT failures FROM ${TABLE} WHERE event = ?`, storeID) ?? 1
}

/** Forgets the failures of an event that went well or is given up. Part of the caller's transaction. */
export function forgetFailures(store: Store, event: number): void {
  if (store.sql.get(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '${TABLE}'`) === undefined) return
  store.sql.run(`DELETE FROM ${TABLE} WHERE event = ?`, event)
}

function sweep(store: Store): void {
  const { table } = store.engine.getTable(TimedEvent).onDisk
  store.sql.run(`DELETE FROM ${TABLE} WHERE event NOT IN (SELECT oid FROM ${quoteName(table)})`)
}
