/**
 * Scheduling: that an item is to be run at a time.
 *
 * An event lies in the store of its item, so these functions need no scheduler to speak to; `adapt(store, IScheduler)`
 * gives the same ones. In a substore of a site each of them also sees to the site's hook (parent-hook.ts).
 *
 * The event that is running is no business of its item: what becomes of it is what `run` returns. So inside of `run`
 * it is not among the item's times, and rescheduling and unscheduling mean the others.
 */
import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import { registerAggregate } from '../store-engine/powerups/adapt.js'
import { defineInterface, type Interface } from '../store-engine/powerups/interface.js'
import { and, type Comparison } from '../store-engine/queries/comparison.js'
import type { Query } from '../store-engine/queries/query.js'
import { NoSuchEventError } from './errors.js'
import { arrangeLook } from './parent-hook.js'
import { assertRunnable, type Runnable } from './runnable.js'
import { runningEvent } from './running-event.js'
import { TimedEvent } from './timed-event.js'

/** What a store answers with for {@link IScheduler}. */
export interface Scheduler {
  schedule(runnable: Runnable, when: Timestamp): TimedEvent
  reschedule(runnable: Runnable, from: Timestamp, to: Timestamp): void
  unscheduleFirst(runnable: Runnable): void
  unscheduleAll(runnable: Runnable): void
  unschedule(runnable: Runnable): void
  scheduledTimes(runnable: Runnable): Timestamp[]
}

export const IScheduler: Interface<Scheduler> = defineInterface<Scheduler>('axiom.iaxiom.IScheduler', [
  'schedule',
  'reschedule',
  'unscheduleFirst',
  'unscheduleAll',
  'unschedule',
  'scheduledTimes',
])

/**
 * Has `runnable` run at `when`, or as soon after as somebody runs the events of its store. An item may have many
 * events, also at the same time.
 *
 * @throws NotRunnableError where its class has no `run`; nothing is scheduled.
 */
export function schedule(runnable: Runnable, when: Timestamp): TimedEvent {
  assertRunnable(runnable)
  const { store } = runnable
  return store.transact(() => {
    const event = store.create(TimedEvent, { runnable, time: when })
    arrangeLook(event, when)
    return event
  })
}

/** Moves an event of the item from one time to another. @throws NoSuchEventError; nothing is changed. */
export function reschedule(runnable: Runnable, from: Timestamp, to: Timestamp): void {
  runnable.store.transact(() => {
    const event = eventsOf(runnable, TimedEvent.time.equals(from)).first()
    if (event === undefined) throw new NoSuchEventError(runnable, from)
    event.time = to
    arrangeLook(event, to)
  })
}

/** Takes away the item's earliest event; none is no error. */
export function unscheduleFirst(runnable: Runnable): void {
  runnable.store.transact(() => eventsOf(runnable, TimedEvent.time.notEquals(null)).first()?.deleteFromStore())
}

/** Takes away all events of the item; none is no error. */
export function unscheduleAll(runnable: Runnable): void {
  eventsOf(runnable).deleteFromStore()
}

/** The same as {@link unscheduleAll}. */
export function unschedule(runnable: Runnable): void {
  unscheduleAll(runnable)
}

/** When the item is to be run, the earliest time first. */
export function scheduledTimes(runnable: Runnable): Timestamp[] {
  return eventsOf(runnable)
    .toArray()
    .flatMap(({ time }) => time ?? [])
}

function eventsOf(runnable: Runnable, where?: Comparison): Query<TimedEvent> {
  const { store } = runnable
  const running = runningEvent(store)
  const conditions = [
    TimedEvent.runnable.equals(runnable),
    ...(where === undefined ? [] : [where]),
    ...(running === undefined ? [] : [TimedEvent.storeID.notEquals(running.storeID)]),
  ]
  return store.query(TimedEvent, { where: and(...conditions), sort: TimedEvent.time.ascending })
}

const scheduler: Scheduler = { schedule, reschedule, unscheduleFirst, unscheduleAll, unschedule, scheduledTimes }
registerAggregate(IScheduler, () => scheduler)
