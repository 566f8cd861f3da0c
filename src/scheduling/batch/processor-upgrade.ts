import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import type { LegacyItem } from '../../store-engine/upgrades/legacy-item.js'
import { TimedEvent } from '../timed-event.js'

/**
 * Processors of version 1 polled at an interval of their own; those of version 2 are run when there is work. One that
 * is upgraded is run once, to find out.
 */
export function upgradeProcessor1({ store, storeID, values }: LegacyItem): Record<string, unknown> {
  const scheduled = Timestamp.fromDate(new Date())
  const table = store.engine.getTable(TimedEvent)
  const known = store.sql.value(`SELECT 1 FROM ${table.onDisk.table} WHERE runnable = ?`, storeID)
  // As a row in column order: the processor is just being upgraded and cannot be referred to as an object.
  if (known === undefined) store.engine.writer.insert(table, [null, BigInt(storeID), scheduled.microseconds])
  return { busyInterval: values['busyInterval'], scheduled }
}
