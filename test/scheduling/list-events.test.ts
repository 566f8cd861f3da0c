import { describe, expect, it } from 'vitest'
import { listEvents, listFailures } from '../../src/scheduling/list-events.js'
import { runDueEvents } from '../../src/scheduling/run-due-events.js'
import { TimedEvent, TimedEventFailureLog } from '../../src/scheduling/timed-event.js'
import { headlineOf, tracebackOf } from '../../src/scheduling/traceback.js'
import { Store } from '../../src/store-engine/store.js'
import { at, job } from './jobs.js'

describe('the events of a store as rows', () => {
  it('are complete and in the order of their times, however many share a time', () => {
    using store = Store.inMemory()
    const runnable = job(store, 'a')
    for (let count = 0; count < 350; count += 1) store.create(TimedEvent, { runnable, time: at(-(count % 3)) })
    for (let count = 0; count < 120; count += 1) store.create(TimedEvent, { runnable })
    const expected = store
      .query(TimedEvent, { where: TimedEvent.time.notEquals(null), sort: TimedEvent.time.ascending })
      .ids()
    const listed = [...listEvents(store)]
    expect(listed.slice(0, 350).map(({ id }) => id)).toEqual(expected)
    expect(listed.slice(350).every(({ time }) => time === null)).toBe(true)
    expect(listed).toHaveLength(470)
    expect([...listEvents(store, at(-1))]).toHaveLength(350 - 117)
  })

  it('need neither the item nor its code, and are none in a store that never had one', () => {
    using store = Store.inMemory()
    expect([[...listEvents(store)], [...listFailures(store)]]).toEqual([[], []])
    const gone = job(store, 'gone')
    store.create(TimedEvent, { runnable: gone, time: at(1) })
    store.create(TimedEventFailureLog, { runnable: gone, desiredTime: at(1), traceback: new Uint8Array([0xff, 0x41]) })
    gone.deleteFromStore()
    expect([...listEvents(store)]).toMatchObject([{ runnable: 1, type: null, hookOf: null }])
    expect([...listFailures(store)]).toMatchObject([{ type: null, time: at(1), actual: null, traceback: '\ufffdA' }])
  })

  it('with a time that is none are listed without it, and keep no others from running', () => {
    using store = Store.inMemory()
    const runnable = job(store, 'a')
    for (const time of [1, 2, 3, 4]) store.create(TimedEvent, { runnable, time: at(time) })
    store.create(TimedEventFailureLog, { runnable, desiredTime: at(1) })
    store.transact(() => {
      store.sql.run("UPDATE item_timed_event_v1 SET time = CASE time WHEN 1 THEN 1.5 WHEN 2 THEN 'soon' ELSE time END")
      store.sql.run('UPDATE item_timed_event_failure_log_v1 SET desiredTime = 1.5')
    })
    expect([...listEvents(store)].map(({ id, time }) => [id, time])).toEqual([
      [4, at(3)],
      [5, at(4)],
      [2, null],
      [3, null],
    ])
    expect([...listFailures(store)]).toMatchObject([{ time: null }])
    expect(runDueEvents(store, at(10))).toEqual({ tried: 2, next: null, isHeldUp: false })
  })

  it('failures are complete as well', () => {
    using store = Store.inMemory()
    for (let count = 0; count < 250; count += 1) store.create(TimedEventFailureLog, { actualTime: at(count) })
    expect([...listFailures(store)].map(({ actual }) => Number(actual?.microseconds))).toEqual([...Array(250).keys()])
  })
})

describe('a traceback', () => {
  it('is no longer than what is worth keeping', () => {
    expect(tracebackOf(new Error('x'.repeat(100_000))).byteLength).toBe(65_536)
    expect(new TextDecoder().decode(tracebackOf('thrown text'))).toBe('thrown text')
    const loop = new Error('loop')
    loop.cause = loop
    expect(new TextDecoder().decode(tracebackOf(loop)).match(/caused by/g)).toHaveLength(5)
  })

  it('has a headline, which Python writes last', () => {
    expect(headlineOf('Error: out of luck\n    at run (jobs.ts:1)')).toBe('Error: out of luck')
    const python = 'Traceback (most recent call last):\n  File "a.py", line 1, in run\nexceptions.ValueError: no\n'
    expect(headlineOf(python)).toBe('exceptions.ValueError: no')
    expect(headlineOf('')).toBeNull()
  })
})
