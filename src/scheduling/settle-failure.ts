/**
 * What becomes of an event whose item has thrown. Its changes are undone before; here its handler decides, or else the
 * failure is recorded and the event deleted, or tried again where the item has a retry policy.
 */
import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import { Item } from '../store-engine/items/item.js'
import type { Store } from '../store-engine/store.js'
import { countFailure, forgetFailures } from './attempts.js'
import { isPassing } from './errors.js'
import type { EventOutcome } from './event-report.js'
import { giveNextTime } from './next-time.js'
import { arrangeLook } from './parent-hook.js'
import { nextAttempt, type Runnable } from './runnable.js'
import { asRunning } from './running-event.js'
import { TimedEvent, TimedEventFailureLog } from './timed-event.js'
import { tracebackOf } from './traceback.js'

export interface Failure {
  readonly now: Timestamp
  readonly error: unknown
}

/** How an event ended, and the error to tell of. */
export interface Ending {
  readonly outcome: EventOutcome
  readonly error: unknown
}

/** Settles it in a transaction of its own. Where that fails in its turn, the event is as it was, and `postponed`. */
export function settleFailure(store: Store, eventId: number, failure: Failure): Ending {
  try {
    const event = store.findItemById(eventId)
    if (!(event instanceof TimedEvent)) return { outcome: 'done', error: failure.error }
    return callHandler(event, failure) ?? recordAndEnd(event, failure)
  } catch (error) {
    return { outcome: 'postponed', error }
  }
}

/** Undefined where the item has no handler. A handler that throws leaves the decision to the record. */
function callHandler(event: TimedEvent, failure: Failure): Ending | undefined {
  const runnable = event.runnable as Runnable
  if (typeof runnable.timedEventErrorHandler !== 'function') return undefined
  try {
    event.store.transact(() => handle(event, runnable, failure.error))
    return { outcome: 'handled', error: failure.error }
  } catch (error) {
    if (isPassing(error)) throw error
    return recordAndEnd(event, { ...failure, error: new HandlerFailure(error, failure.error) })
  }
}

function handle(event: TimedEvent, runnable: Runnable, error: unknown): void {
  // The inner transaction refuses a promise.
  const next = asRunning(event, () => event.store.transact(() => runnable.timedEventErrorHandler?.(event, error)))
  giveNextTime(event, runnable, next)
  forgetFailures(event.store, event.storeID)
}

function recordAndEnd(event: TimedEvent, failure: Failure): Ending {
  const outcome = event.store.transact(() => {
    recordFailure(event, failure)
    return tryAgain(event, failure.now) ? 'retried' : giveUp(event)
  })
  return { outcome, error: failure.error }
}

/** Writes the failure log. Part of the caller's transaction, which ends the event or gives it a new time. */
export function recordFailure(event: TimedEvent, { now, error }: Failure): void {
  const { store, time, runnable } = event
  store.create(TimedEventFailureLog, {
    desiredTime: time,
    actualTime: now,
    runnable,
    traceback: tracebackOf(error),
  })
}

function tryAgain(event: TimedEvent, now: Timestamp): boolean {
  const { runnable } = event
  const policy = runnable instanceof Item ? (runnable as Runnable).retryPolicy : undefined
  const next = policy === undefined ? null : nextAttempt(policy, countFailure(event), now)
  if (next === null) return false
  event.time = next
  arrangeLook(event, next)
  return true
}

function giveUp(event: TimedEvent): 'failed' {
  const { store, storeID } = event
  event.deleteFromStore()
  forgetFailures(store, storeID)
  return 'failed'
}

/** Recorded where a handler has failed over a failure: tells both. */
class HandlerFailure extends AggregateError {
  constructor(error: unknown, handled: unknown) {
    super([error, handled], 'timedEventErrorHandler failed over a failure')
    this.name = 'HandlerFailure'
  }
}
