import { Timestamp } from '../store-engine/attributes/timestamp.js'
import { quoteName } from '../store-engine/database/sql-value.js'
import type { ItemConstructor } from '../store-engine/items/item.js'
import type { Store } from '../store-engine/store.js'
import { isRunnableType } from './runnable.js'
import { TimedEvent } from './timed-event.js'

/** An event as its row has it; what it runs need not exist, nor be loadable. */
export interface DueEvent {
  readonly id: number
  readonly time: Timestamp
  readonly runnable: number | null
}

export interface EventSearch {
  /** Only events at this time or before. */
  readonly notAfter?: Timestamp | undefined
  /** Events to pass over, by storeID. */
  readonly without?: Iterable<number>
  /** What the caller can run besides items with a `run`. */
  readonly also?: ItemConstructor
}

/**
 * The earliest event (of equal times the oldest) that can be run, or whose item is gone. An event whose item has no
 * code here is not looked at: it waits in the store for whoever installs the code. Nor is one whose time is no integer,
 * as in a damaged store, or it would keep all others from running.
 */
export function findNextEvent(store: Store, search: EventSearch = {}): DueEvent | undefined {
  const [event] = readEvents(store, search, {
    time: 'e.time',
    condition: 'o.type_id IS NULL OR o.type_id NOT IN (SELECT value FROM json_each(?))',
    rest: 'ORDER BY e.time, e.oid LIMIT 1',
  })
  return event
}

/** Of each type that has no code here to run it, the earliest event. */
export function listEventsWithoutCode(store: Store, search: EventSearch = {}): DueEvent[] {
  return readEvents(store, search, {
    time: 'min(e.time)',
    condition: 'o.type_id IN (SELECT value FROM json_each(?))',
    rest: 'GROUP BY o.type_id',
  })
}

interface Statement {
  readonly time: string
  /** Takes the types without code as a JSON list. */
  readonly condition: string
  readonly rest: string
}

function readEvents(
  store: Store,
  { notAfter = LAST, without = [], also }: EventSearch,
  { time, condition, rest }: Statement,
): DueEvent[] {
  // Another process may have made the table since.
  store.engine.lookAround()
  const table = store.engine.findTable(TimedEvent)?.onDisk.table
  if (table === undefined) return []
  const sql = `SELECT e.oid AS id, ${time} AS time, e.runnable
    FROM ${quoteName(table)} AS e LEFT JOIN axiom_objects AS o ON o.oid = e.runnable
    WHERE e.time <= ? AND typeof(e.time) = 'integer' AND e.oid NOT IN (SELECT value FROM json_each(?)) AND (${condition}) ${rest}`
  const parameters = [
    notAfter.microseconds,
    JSON.stringify([...without]),
    JSON.stringify(typesWithoutCode(store, also)),
  ]
  const rows = store.sql.all<{ id: number; time: number | bigint; runnable: number | null }>(sql, ...parameters)
  return rows.map(row => ({ ...row, time: Timestamp.fromMicroseconds(BigInt(row.time)) }))
}

/** As late as a column can hold. */
const LAST = Timestamp.fromMicroseconds(2n ** 63n - 1n)

function typesWithoutCode(store: Store, also: ItemConstructor | undefined): number[] {
  return store
    .typesOnDisk()
    .filter(({ typeName }) => !isRunnableType(typeName) && typeName !== also?.itemType.typeName)
    .map(({ typeId }) => typeId)
}
