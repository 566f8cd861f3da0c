import { arrangeLook } from './parent-hook.js'
import type { NextTime, Runnable } from './runnable.js'
import { TimedEvent } from './timed-event.js'

/**
 * Does with an event what its item has decided: a new time, or none more. Part of the transaction of the run.
 *
 * An item that has removed itself has no more times; one that has removed its event and returns a time gets a new one.
 */
export function giveNextTime(event: TimedEvent, runnable: Runnable, next: NextTime): void {
  if (next === null || next === undefined || !runnable.isStored) {
    if (event.isStored) event.deleteFromStore()
    return
  }
  const { store } = event
  if (!event.isStored) arrangeLook(store.create(TimedEvent, { runnable, time: next }), next)
  else {
    event.time = next
    arrangeLook(event, next)
  }
}
