import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import { ConstraintError } from '../store-engine/errors.js'
import type { Store } from '../store-engine/store.js'
import { type DueEvent, type EventSearch, findNextEvent, listEventsWithoutCode } from './due-events.js'
import type { EventReport } from './event-report.js'
import { runEvent } from './run-event.js'
import { TimedEvent } from './timed-event.js'

/** How many events are run before others get their turn, as in the original. */
export const EVENTS_PER_TICK = 10

export interface RunOptions {
  /** How many events at most. Default {@link EVENTS_PER_TICK}. */
  readonly limit?: number
  /** Only the first event may be later than this. */
  readonly notAfter?: Timestamp | undefined
  /** Told of every event as it is over. */
  readonly report?: ((report: EventReport) => void) | undefined
}

export interface DueRun {
  /** How many events were tried. */
  readonly tried: number
  /** When the next event can be run, those apart that stayed where they were; null when there is none. */
  readonly next: Timestamp | null
  /** Whether one stayed because a store was held or the disk was full, so that it is worth trying again soon. */
  readonly isHeldUp: boolean
}

/**
 * Runs the events of one store that are due at `now`, the earliest first, each in a transaction of its own.
 *
 * An event whose item has no code here is reported and left alone, one that meets a busy or a sealed store is left for
 * the next time; neither holds up the others. The site's hook of a substore stays where it is: see `settleHook`.
 *
 * @throws StoreBusyError, StoreSealedError where the store cannot be written; what has run until then is committed.
 */
export function runDueEvents(store: Store, now: Timestamp, options: RunOptions = {}): DueRun {
  if (store.inTransaction)
    throw new ConstraintError('events have transactions of their own and run outside of any other')
  const { limit = EVENTS_PER_TICK, notAfter = now, report } = options
  const staying = new Set<number>()
  const insisting = new Set<number>()
  let tried = 0
  let isHeldUp = false
  while (tried < limit) {
    const bound = tried === 0 || now.compare(notAfter) < 0 ? now : notAfter
    const due = findNextEvent(store, { notAfter: bound, without: [...staying, ...insisting] })
    if (due === undefined) break
    const ended = runEvent(store, due, now)
    if (ended === undefined || ended.outcome === 'postponed' || ended.outcome === 'left') staying.add(due.id)
    else if (isNoLater(store, due)) insisting.add(due.id)
    if (ended === undefined) continue
    tried += 1
    if (ended.outcome === 'postponed') isHeldUp = true
    report?.(ended)
  }
  if (report !== undefined) reportWithoutCode(store, { notAfter: now }, report)
  return { tried, next: findNextEvent(store, { without: staying })?.time ?? null, isHeldUp }
}

/** Whether an event that has run wants to run before whatever waits: for ever, were it not held until the next tick. */
export function isNoLater(store: Store, { id, time }: DueEvent): boolean {
  const event = store.findItemById(id)
  return event instanceof TimedEvent && event.time !== null && event.time.compare(time) <= 0
}

/** Tells of due events that have no code here, of the earliest of each type. */
export function reportWithoutCode(store: Store, search: EventSearch, report: (report: EventReport) => void): void {
  for (const { id: event, runnable, time } of listEventsWithoutCode(store, search)) {
    const type = store.typeNameOf(runnable) ?? null
    report({ store: store.describe(), event, runnable, type, time, outcome: 'left', error: null })
  }
}
