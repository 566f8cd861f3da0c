import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import { settleHook } from './parent-hook.js'
import { type DueRun, type RunOptions, runDueEvents } from './run-due-events.js'
import type { SubSchedulerParentHook, TimedEvent } from './timed-event.js'

export interface VisitOptions extends RunOptions {
  /** Milliseconds to wait for another writer of the user store. */
  readonly busyTimeout: number
}

export interface Visit extends DueRun {
  /** The earliest event of the store, whether or not it can be run; null when there is none. */
  readonly earliest: Timestamp | null
}

/**
 * Runs the due events of the user store that the event of a hook stands for, and puts the hook at the earliest event
 * that is left. The store is opened for it unless it is open. Neither happens in a transaction of the site. Where the
 * site has no such store any more, hook and event are removed.
 *
 * A crash in the middle leaves the hook where it was, so the node looks again.
 *
 * @throws what opening the store throws, StoreBusyError and StoreSealedError; the hook is as it was.
 */
export function visitUserStore(event: TimedEvent, now: Timestamp, options: VisitOptions): Visit {
  const hook = event.runnable as SubSchedulerParentHook | null
  const subStore = hook?.subStore ?? null
  if (subStore !== null)
    return subStore.use(
      userStore => {
        const run = runDueEvents(userStore, now, options)
        return { ...run, earliest: settleHook(userStore) }
      },
      { busyTimeout: options.busyTimeout },
    )
  event.store.transact(() => {
    event.deleteFromStore()
    hook?.deleteFromStore()
  })
  return { tried: 0, next: null, earliest: null, isHeldUp: false }
}
