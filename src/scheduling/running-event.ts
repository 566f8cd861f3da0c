import type { Store } from '../store-engine/store.js'
import type { TimedEvent } from './timed-event.js'

const running = new WeakMap<Store, TimedEvent>()

/** The event of a store whose item is being run just now, in this process. */
export function runningEvent(store: Store): TimedEvent | undefined {
  return running.get(store)
}

/** Calls `work` as the doing of an event, which its item neither sees among its times nor can unschedule meanwhile. */
export function asRunning<T>(event: TimedEvent, work: () => T): T {
  const { store } = event
  running.set(store, event)
  try {
    return work()
  } finally {
    running.delete(store)
  }
}
