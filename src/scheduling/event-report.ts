import type { Timestamp } from '../store-engine/attributes/timestamp.js'

/**
 * What became of an event. It is over after `done`, `vanished` (its item is gone) and `failed`; it has a new time after
 * `again`, `retried` and perhaps `handled`; it stays as it was where it was `postponed` (a store is held by another or is
 * being moved: tried again soon) or `left` (there is no code here to run its item).
 */
export type EventOutcome = 'done' | 'again' | 'vanished' | 'handled' | 'retried' | 'failed' | 'postponed' | 'left'

export interface EventReport {
  /** The directory of the event's store. */
  readonly store: string
  readonly event: number
  /** The storeID of what it runs, and its type where that is known. */
  readonly runnable: number | null
  readonly type: string | null
  /** When it was to happen. */
  readonly time: Timestamp
  readonly outcome: EventOutcome
  /** Why, where there is something to tell; else null. */
  readonly error: unknown
}
