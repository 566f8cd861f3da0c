import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import type { Store } from '../store-engine/store.js'
import { forgetFailures } from './attempts.js'
import type { DueEvent } from './due-events.js'
import { isPassing, NotRunnableError } from './errors.js'
import type { EventReport } from './event-report.js'
import { giveNextTime } from './next-time.js'
import { isRunnable, type Runnable } from './runnable.js'
import { asRunning } from './running-event.js'
import { type Ending, settleFailure } from './settle-failure.js'
import { TimedEvent } from './timed-event.js'

/**
 * Runs one event in a transaction of its own, with what becomes of it. Undefined when somebody else has run it, moved
 * it or taken it away meanwhile, or where a damaged store knows its row by another type.
 *
 * @throws StoreBusyError, StoreSealedError and what else forbids to write the store at all; nothing has run then.
 */
export function runEvent(store: Store, due: DueEvent, now: Timestamp): EventReport | undefined {
  const type = store.typeNameOf(due.runnable) ?? null
  const ending = attempt(store, due, now)
  if (ending === undefined) return undefined
  return { store: store.describe(), event: due.id, runnable: due.runnable, type, time: due.time, ...ending }
}

function attempt(store: Store, { id }: DueEvent, now: Timestamp): Ending | undefined {
  let hasBegun = false
  try {
    return store.transact(() => {
      hasBegun = true
      const event = store.findItemById(id)
      const isDue = event instanceof TimedEvent && event.time !== null && event.time.compare(now) <= 0
      return isDue ? perform(event) : undefined
    })
  } catch (error) {
    if (!hasBegun) throw error
    return isPassing(error) ? { outcome: 'postponed', error } : settleFailure(store, id, { now, error })
  }
}

function perform(event: TimedEvent): Ending {
  const found = load(event)
  if (found === null) {
    event.deleteFromStore()
    return { outcome: 'vanished', error: null }
  }
  if ('error' in found) return { outcome: 'left', error: found.error }
  const { runnable } = found
  // The inner transaction refuses a promise.
  const next = asRunning(event, () => event.store.transact(() => runnable.run()))
  giveNextTime(event, runnable, next)
  forgetFailures(event.store, event.storeID)
  return { outcome: event.isStored ? 'again' : 'done', error: null }
}

/** What the event runs; null when it is gone. An item that cannot be loaded is there all the same. */
function load(event: TimedEvent): { readonly runnable: Runnable } | { readonly error: unknown } | null {
  try {
    const { runnable } = event
    if (runnable === null) return null
    if (isRunnable(runnable)) return { runnable }
    return { error: new NotRunnableError(String(runnable), 'it has no method run()') }
  } catch (error) {
    return { error }
  }
}
