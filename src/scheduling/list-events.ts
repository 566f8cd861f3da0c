/**
 * What is scheduled in a store and what has failed there, as rows: no code of the items is needed, nothing is
 * upgraded, and a page at a time is read, so that a list may be as long as it likes.
 */
import { Timestamp } from '../store-engine/attributes/timestamp.js'
import { quoteName, type SqlValue } from '../store-engine/database/sql-value.js'
import type { ItemConstructor } from '../store-engine/items/item.js'
import type { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import { SubSchedulerParentHook, TimedEvent, TimedEventFailureLog } from './timed-event.js'

export interface ListedEvent {
  readonly id: number
  /** What it runs; null where the reference is. */
  readonly runnable: number | null
  /** The type of what it runs; null when that is gone. */
  readonly type: string | null
  /** Null for an event that never comes due, since it has no time, or a damaged one. */
  readonly time: Timestamp | null
  /** For a hook the user store that it stands for, as a path below the site's `files/`; else null. */
  readonly hookOf: string | null
}

export interface ListedFailure extends Omit<ListedEvent, 'hookOf'> {
  /** When it ran; `time` is when it should have run. */
  readonly actual: Timestamp | null
  readonly traceback: string | null
}

/** Rows at a time; a failure brings its traceback along. */
const PAGE = 100
const FIRST = -(2n ** 63n)
const LAST = 2n ** 63n - 1n

/** The events of a store, the earliest first; only those due at `dueBy` where that is given. */
export function* listEvents(store: Store, dueBy?: Timestamp): Generator<ListedEvent> {
  const table = tableOf(store, TimedEvent)
  if (table === undefined) return
  let [time, id]: readonly [bigint, number] = [FIRST, 0]
  for (;;) {
    const rows = store.sql.all<EventRow>(
      `SELECT oid AS id, runnable, time FROM ${table} WHERE (time, oid) > (?, ?) AND time <= ? AND typeof(time) = 'integer' ORDER BY time, oid LIMIT ${PAGE}`,
      ...[time, id, dueBy?.microseconds ?? LAST],
    )
    for (const row of rows) yield describe(store, row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) break
    ;[time, id] = [timestampOf(last.time)?.microseconds ?? time, last.id]
  }
  if (dueBy === undefined) yield* listTimeless(store, table)
}

/** Failure logs of a store, the oldest first. */
export function* listFailures(store: Store): Generator<ListedFailure> {
  const table = tableOf(store, TimedEventFailureLog)
  if (table === undefined) return
  for (const row of pages<FailureRow>(
    store,
    `SELECT oid AS id, runnable, desiredTime, actualTime, traceback FROM ${table}
    WHERE oid > ? ORDER BY oid LIMIT ${PAGE}`,
  ))
    yield {
      id: row.id,
      runnable: row.runnable,
      type: store.typeNameOf(row.runnable) ?? null,
      time: timestampOf(row.desiredTime),
      actual: timestampOf(row.actualTime),
      traceback: textOf(row.traceback),
    }
}

interface EventRow {
  readonly id: number
  readonly runnable: number | null
  readonly time: SqlValue
}

interface FailureRow {
  readonly id: number
  readonly runnable: number | null
  readonly desiredTime: SqlValue
  readonly actualTime: SqlValue
  readonly traceback: Uint8Array | string | null
}

function* listTimeless(store: Store, table: string): Generator<ListedEvent> {
  const sql = `SELECT oid AS id, runnable, time FROM ${table} WHERE typeof(time) != 'integer' AND oid > ? ORDER BY oid LIMIT ${PAGE}`
  for (const row of pages<EventRow>(store, sql)) yield describe(store, row)
}

/** Rows by storeID, a page at a time. */
function* pages<Row extends { readonly id: number }>(store: Store, sql: string): Generator<Row> {
  for (let after = 0; ; ) {
    const rows = store.sql.all<Row>(sql, after)
    yield* rows
    if (rows.length < PAGE) return
    after = rows.at(-1)?.id ?? after
  }
}

function describe(store: Store, { id, runnable, time }: EventRow): ListedEvent {
  const type = store.typeNameOf(runnable) ?? null
  const isHook = type === SubSchedulerParentHook.itemType.typeName
  return { id, runnable, type, time: timestampOf(time), hookOf: isHook ? hookedStore(store, runnable) : null }
}

function hookedStore(store: Store, hook: number | null): string | null {
  const [hooks, subStores] = [tableOf(store, SubSchedulerParentHook), tableOf(store, SubStore)]
  if (hooks === undefined || subStores === undefined) return null
  const sql = `SELECT s.storepath FROM ${hooks} AS h JOIN ${subStores} AS s ON s.oid = h.subStore WHERE h.oid = ?`
  return store.sql.value<string>(sql, hook) ?? null
}

/** The table of the current version as SQL; undefined where there is none. */
function tableOf(store: Store, { itemType: { typeName, version } }: ItemConstructor): string | undefined {
  const found = store.typesOnDisk().find(type => type.typeName === typeName && type.version === version)
  return found && quoteName(found.table)
}

function timestampOf(stored: SqlValue): Timestamp | null {
  const isTime = typeof stored === 'bigint' || Number.isSafeInteger(stored)
  return isTime ? Timestamp.fromMicroseconds(BigInt(stored as number | bigint)) : null
}

/** As Python wrote it, or we: UTF-8, mostly. */
function textOf(bytes: Uint8Array | string | null): string | null {
  return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : bytes
}
