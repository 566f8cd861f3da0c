import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { EventReport } from '../../src/scheduling/event-report.js'
import { runDueEvents } from '../../src/scheduling/run-due-events.js'
import { nextAttempt, type Runnable } from '../../src/scheduling/runnable.js'
import { schedule, scheduledTimes, unscheduleAll } from '../../src/scheduling/scheduler.js'
import { TimedEvent, TimedEventFailureLog } from '../../src/scheduling/timed-event.js'
import { ConstraintError, StoreBusyError, StoreSealedError } from '../../src/store-engine/errors.js'
import { writeStoreDirectory } from '../../src/store-engine/files/store-directory.js'
import { Store } from '../../src/store-engine/store.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { at, Failing, Handling, Job, job, journal, Persistent } from './jobs.js'

beforeEach(() => {
  journal.length = 0
  Persistent.fails = true
})

function run(store: Store, now: number, options: Parameters<typeof runDueEvents>[2] = {}) {
  const reports: EventReport[] = []
  const result = runDueEvents(store, at(now), { ...options, report: each => reports.push(each) })
  return { ...result, outcomes: reports.map(({ outcome }) => outcome), reports }
}

const failures = (store: Store) => store.query(TimedEventFailureLog).toArray()
const eventTimes = (store: Store) =>
  store
    .query(TimedEvent, { sort: TimedEvent.time.ascending })
    .toArray()
    .map(({ time }) => Number(time?.microseconds))
const text = (bytes: Uint8Array | null | undefined) => new TextDecoder().decode(bytes ?? undefined)

describe('running due events', () => {
  it('behaviour 126: events run in time order, ties in the order of their coming, and reschedule by return value', () => {
    using store = Store.inMemory()
    schedule(job(store, 'late'), at(40))
    schedule(job(store, 'third'), at(20))
    schedule(job(store, 'first'), at(10))
    schedule(job(store, 'fourth'), at(20))
    const again = job(store, 'second', 15n)
    schedule(again, at(12))
    expect(run(store, 20)).toMatchObject({ tried: 5, outcomes: ['done', 'again', 'again', 'done', 'done'] })
    expect(journal).toEqual(['first', 'second', 'second', 'third', 'fourth'])
    expect(eventTimes(store)).toEqual([30, 40])
    const [event] = store.query(TimedEvent, { where: TimedEvent.runnable.equals(again) })
    expect(run(store, 30).next?.microseconds).toBe(40n)
    expect(store.findFirst(TimedEvent, TimedEvent.runnable.equals(again))).toBe(event)
  })

  it('runs each event in a transaction of its own, ten of them, and says when there is more', () => {
    using store = Store.inMemory()
    const busy: number[] = []
    for (let time = 1; time <= 12; time += 1) {
      const each = job(store, `${time}`)
      each.act = () => void busy.push(store.query(TimedEvent).count())
      schedule(each, at(time))
    }
    expect(run(store, 100)).toMatchObject({ tried: 10, next: at(11) })
    expect(busy).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3])
    expect(run(store, 100)).toMatchObject({ tried: 2, next: null })
    expect(() => store.transact(() => runDueEvents(store, at(1)))).toThrow(ConstraintError)
  })

  it('an event that wants to run at once for ever lets others have their turn', () => {
    using store = Store.inMemory()
    schedule(job(store, 'eager', 0n), at(0))
    schedule(job(store, 'other'), at(0))
    expect(run(store, 5)).toMatchObject({ tried: 2, next: at(0) })
    expect(journal).toEqual(['eager', 'other'])
  })

  it('behaviour 127: a failing event is logged as an item and not retried, and its changes are undone', () => {
    using store = Store.inMemory()
    const failing = store.create(Failing, {})
    schedule(failing, at(10))
    schedule(job(store, 'next'), at(11))
    expect(run(store, 25).outcomes).toEqual(['failed', 'done'])
    const [log, ...more] = failures(store)
    expect(more).toEqual([])
    expect([log?.desiredTime, log?.actualTime, log?.runnable]).toEqual([at(10), at(25), failing])
    expect(text(log?.traceback)).toMatch(/^Error: out of luck\n.*jobs\.ts.*caused by: Error: no luck/s)
    expect(failing.ran).toBe(0)
    expect(store.query(Job).count()).toBe(1)
    expect(run(store, 1000)).toMatchObject({ tried: 0, next: null })
  })

  it('behaviour 128: a failing event with a handler leaves no failure item and no partial change', () => {
    using store = Store.inMemory()
    const [once, again] = [store.create(Handling, {}), store.create(Handling, { next: 50n })]
    schedule(once, at(10))
    schedule(again, at(11))
    expect(run(store, 25).outcomes).toEqual(['handled', 'handled'])
    expect(failures(store)).toEqual([])
    expect([once.ran, once.handled, again.handled]).toEqual([0, '10 out of luck', '11 out of luck'])
    expect([scheduledTimes(once), scheduledTimes(again)]).toEqual([[], [at(50)]])
  })

  it('an error of the handler is recorded with the error that it was to handle', () => {
    using store = Store.inMemory()
    const handling = store.create(Handling, {})
    handling.handle = () => {
      handling.handled = 'half'
      throw new Error('handled badly')
    }
    schedule(handling, at(10))
    expect(run(store, 10).outcomes).toEqual(['failed'])
    expect(handling.handled).toBeNull()
    expect(text(failures(store)[0]?.traceback)).toMatch(/handled badly.*out of luck/s)
    expect(eventTimes(store)).toEqual([])
  })

  it("behaviour 129: a deleted runnable's event vanishes quietly", () => {
    using store = Store.inMemory()
    const doomed = job(store, 'doomed')
    schedule(doomed, at(10))
    schedule(job(store, 'other'), at(11))
    doomed.deleteFromStore()
    expect(run(store, 20).outcomes).toEqual(['vanished', 'done'])
    expect([journal, failures(store), eventTimes(store)]).toEqual([['other'], [], []])
  })

  it('an item that removes itself while it runs is not run again, whatever it returns', () => {
    using store = Store.inMemory()
    const leaving = job(store, 'leaving', 50n)
    leaving.act = () => leaving.deleteFromStore()
    schedule(leaving, at(10))
    expect(run(store, 10).outcomes).toEqual(['done'])
    expect([store.query(Job).count(), eventTimes(store), failures(store)]).toEqual([0, [], []])
  })

  it('an item that unschedules itself while it runs has the time that it returns', () => {
    using store = Store.inMemory()
    const a = job(store, 'a', 50n)
    a.act = () => unscheduleAll(a)
    schedule(a, at(10))
    schedule(a, at(11))
    run(store, 10)
    expect(eventTimes(store)).toEqual([50])
  })

  it('a run that returns what is no time is a failure', () => {
    using store = Store.inMemory()
    const wrong = job(store, 'wrong')
    schedule(wrong, at(10))
    for (const value of [5, Promise.reject(new Error('too late'))]) {
      schedule(wrong, at(11))
      wrong.act = () => value as never
      run(store, 20)
    }
    expect(failures(store).map(log => text(log.traceback).split('\n')[0])).toEqual([
      'ConstraintError: timed_event.time of item 2 takes a Timestamp, not number',
      'ConstraintError: timed_event.time of item 3 takes a Timestamp, not number',
      'ConstraintError: a transaction takes a synchronous function: a promise would outlive the commit',
    ])
  })
})

describe('events whose item cannot be run here', () => {
  /** As if the code of the type had not been installed. */
  function withoutCode(store: Store): void {
    store.transact(() =>
      store.sql.run("UPDATE axiom_types SET typename = 'strange' WHERE typename = 'scheduling_idle'"),
    )
  }

  it('are left alone and told of, block nobody, and have no time that anybody waits for', async () => {
    const { Idle } = await import('./jobs.js')
    const directory = join(temporaryDirectory(), 'a.axiom')
    {
      using store = Store.create(directory)
      const idle = store.create(Idle, {})
      for (let count = 0; count < 20; count += 1) store.create(TimedEvent, { runnable: idle, time: at(count) })
      withoutCode(store)
    }
    using store = Store.open(directory)
    schedule(job(store, 'other'), at(30))
    schedule(job(store, 'later'), at(50))
    const { reports, ...rest } = run(store, 40)
    expect(rest).toMatchObject({ tried: 1, next: at(50), outcomes: ['done', 'left'] })
    expect(reports[1]).toMatchObject({ type: 'strange', runnable: 1, time: at(0) })
    expect(store.query(TimedEvent).count()).toBe(21)
    expect(failures(store)).toEqual([])
  })

  it('are left alone also where the class has lost its run', async () => {
    const { Idle } = await import('./jobs.js')
    using store = Store.inMemory()
    store.create(TimedEvent, { runnable: store.create(Idle, {}), time: at(1) })
    store.create(TimedEvent, { runnable: store, time: at(1) })
    expect(run(store, 9).outcomes).toEqual(['left', 'left'])
    expect(store.query(TimedEvent).count()).toBe(2)
  })
})

it('a damaged store that knows an event by another type holds up nobody, and no process', () => {
  using store = Store.inMemory()
  const a = job(store, 'a')
  const { storeID } = schedule(a, at(1))
  schedule(a, at(2))
  store.transact(() => store.sql.run('UPDATE axiom_objects SET type_id = -1 WHERE oid = ?', storeID))
  const directory = join(temporaryDirectory(), 'a.axiom')
  writeStoreDirectory(directory, store.serialize({ wal: true }))
  using damaged = Store.open(directory)
  expect(run(damaged, 9)).toMatchObject({ tried: 1, outcomes: ['done'], next: null })
})

describe('stores that cannot be written now', () => {
  it.each([new StoreBusyError('busy'), new StoreSealedError('sealed')])('%s is no failure of an event', error => {
    using store = Store.inMemory()
    const [held, other] = [job(store, 'held'), job(store, 'other')]
    held.act = () => {
      throw error
    }
    schedule(held, at(10))
    schedule(other, at(11))
    expect(run(store, 20)).toMatchObject({ outcomes: ['postponed', 'done'], isHeldUp: true, next: null })
    expect([failures(store), eventTimes(store), held.ran]).toEqual([[], [10], 0])
    held.act = undefined
    expect(run(store, 20).outcomes).toEqual(['done'])
  })

  it('another writer of the store stops the run before anything has happened', () => {
    const directory = join(temporaryDirectory(), 'a.axiom')
    using store = Store.create(directory)
    schedule(job(store, 'a'), at(10))
    using mine = Store.open(directory, { busyTimeout: 1 })
    store.transact(() => expect(() => runDueEvents(mine, at(20))).toThrow(StoreBusyError))
    expect([journal, eventTimes(store)]).toEqual([[], [10]])
  })
})

describe('a retry policy', () => {
  const MS = 1000

  it('gives delays that grow to the longest, and ends', () => {
    const policy = { attempts: 4, initialDelay: 10, factor: 3, maxDelay: 50 }
    expect([1, 2, 3, 4].map(count => nextAttempt(policy, count, at(5)))).toEqual([
      at(10005),
      at(30005),
      at(50005),
      null,
    ])
    expect(nextAttempt({ ...policy, factor: Number.NaN }, 2, at(5))).toBeNull()
  })

  it('that asks for a time which nobody lives to see gives up, and the failure is recorded', () => {
    const policy = { attempts: 9, initialDelay: 1000, factor: 1e9, maxDelay: Number.POSITIVE_INFINITY }
    expect([1, 2, 3, 40].map(count => nextAttempt(policy, count, at(5)))).toEqual([
      at(1_000_005),
      at(10n ** 15n + 5n),
      null,
      null,
    ])
    using store = Store.inMemory()
    const patient = store.create(Persistent, {})
    Object.assign(patient, { retryPolicy: { ...policy, initialDelay: 1e300 } })
    schedule(patient, at(0))
    expect(run(store, 1).outcomes).toEqual(['failed'])
    expect([failures(store).length, eventTimes(store)]).toEqual([1, []])
  })

  it('tries again at its times, counts over restarts, records each failure and gives up in the end', () => {
    const directory = join(temporaryDirectory(), 'a.axiom')
    {
      using store = Store.create(directory)
      schedule(store.create(Persistent, {}), at(0))
    }
    const times: number[][] = []
    for (let now = 0; now <= 200 * MS; now += 10 * MS) {
      using store = Store.open(directory)
      const { outcomes } = run(store, now)
      if (outcomes.length > 0) times.push([now / MS, ...eventTimes(store).map(time => time / MS)])
    }
    expect(times).toEqual([[0, 10], [10, 40], [40, 90], [90]])
    using store = Store.open(directory)
    expect(failures(store).map(({ desiredTime }) => Number(desiredTime?.microseconds) / MS)).toEqual([0, 10, 40, 90])
    expect(store.sql.all('SELECT * FROM mantissa_event_attempt')).toEqual([])
  })

  it('begins anew after a success, for each event by itself', () => {
    using store = Store.inMemory()
    const persistent = store.create(Persistent, {}) as Persistent & Runnable
    schedule(persistent, at(0))
    expect(run(store, 0).outcomes).toEqual(['retried'])
    Persistent.fails = false
    expect(run(store, 10 * MS).outcomes).toEqual(['done'])
    Persistent.fails = true
    schedule(persistent, at(20 * MS))
    schedule(persistent, at(20 * MS))
    expect(run(store, 20 * MS).outcomes).toEqual(['retried', 'retried'])
    expect(eventTimes(store)).toEqual([30 * MS, 30 * MS])
    unscheduleAll(persistent)
    schedule(persistent, at(20 * MS))
    run(store, 20 * MS)
    expect(store.sql.pluck('SELECT failures FROM mantissa_event_attempt')).toEqual([1])
  })
})
