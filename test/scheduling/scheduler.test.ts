import { describe, expect, it } from 'vitest'
import { NoSuchEventError, NotRunnableError } from '../../src/scheduling/errors.js'
import { runDueEvents } from '../../src/scheduling/run-due-events.js'
import type { Runnable } from '../../src/scheduling/runnable.js'
import {
  IScheduler,
  reschedule,
  schedule,
  scheduledTimes,
  unschedule,
  unscheduleAll,
  unscheduleFirst,
} from '../../src/scheduling/scheduler.js'
import { TimedEvent } from '../../src/scheduling/timed-event.js'
import { adapt } from '../../src/store-engine/powerups/adapt.js'
import { Store } from '../../src/store-engine/store.js'
import { Asynchronous, at, Idle, job } from './jobs.js'

const times = (runnable: Runnable) => scheduledTimes(runnable).map(({ microseconds }) => Number(microseconds))

describe('scheduling', () => {
  it('tells the times of an item, the earliest first, and of no other item', () => {
    using store = Store.inMemory()
    const [a, b] = [job(store, 'a'), job(store, 'b')]
    expect(times(a)).toEqual([])
    schedule(a, at(30))
    expect(schedule(a, at(10)).time?.microseconds).toBe(10n)
    schedule(b, at(20))
    expect([times(a), times(b)]).toEqual([[10, 30], [20]])
  })

  it('moves an event, and says so when there is none to move', () => {
    using store = Store.inMemory()
    const a = job(store, 'a')
    schedule(a, at(10))
    schedule(a, at(20))
    reschedule(a, at(10), at(40))
    expect(times(a)).toEqual([20, 40])
    expect(() => reschedule(a, at(10), at(50))).toThrow(NoSuchEventError)
    expect(() => reschedule(job(store, 'b'), at(20), at(50))).toThrow(NoSuchEventError)
    expect(times(a)).toEqual([20, 40])
  })

  it('takes away the first event of an item, or all, and minds none that is not there', () => {
    using store = Store.inMemory()
    const [a, b] = [job(store, 'a'), job(store, 'b')]
    for (const time of [30, 10, 20]) schedule(a, at(time))
    schedule(b, at(5))
    unscheduleFirst(a)
    expect(times(a)).toEqual([20, 30])
    unscheduleAll(a)
    unscheduleAll(a)
    unscheduleFirst(a)
    expect([times(a), times(b)]).toEqual([[], [5]])
    unschedule(b)
    expect(times(b)).toEqual([])
    schedule(b, at(5))
    b.deleteFromStore()
    unscheduleAll(b)
    expect(store.query(TimedEvent).count()).toBe(0)
  })

  it('refuses what has no run, or one that outlives its transaction', () => {
    using store = Store.inMemory()
    const idle = store.create(Idle, {}) as unknown as Runnable
    expect(() => schedule(idle, at(1))).toThrow(NotRunnableError)
    expect(() => schedule(idle, at(1))).toThrow(/a scheduling_idle, cannot be scheduled: it has no method run/)
    expect(() => schedule(store.create(Asynchronous, {}) as unknown as Runnable, at(1))).toThrow(/asynchronous/)
    expect(store.query(TimedEvent).count()).toBe(0)
  })

  it('is what a store, and an item in it, answer with for IScheduler', () => {
    using store = Store.inMemory()
    const a = job(store, 'a')
    adapt(store, IScheduler)?.schedule(a, at(7))
    expect(adapt(a, IScheduler)?.scheduledTimes(a)).toEqual([at(7)])
  })

  it('leaves the running event to what run returns', () => {
    using store = Store.inMemory()
    const a = job(store, 'a')
    const seen: unknown[] = []
    a.act = () => {
      seen.push(times(a))
      expect(() => reschedule(a, at(10), at(50))).toThrow(NoSuchEventError)
      unscheduleFirst(a)
      seen.push(times(a))
      return at(40)
    }
    for (const time of [10, 20, 30]) schedule(a, at(time))
    runDueEvents(store, at(10))
    expect(seen).toEqual([[20, 30], [30]])
    expect(times(a)).toEqual([30, 40])
  })
})
