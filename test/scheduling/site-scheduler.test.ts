import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { earliestEvent, findHook } from '../../src/scheduling/parent-hook.js'
import { schedule, scheduledTimes } from '../../src/scheduling/scheduler.js'
import { SubSchedulerParentHook, TimedEvent, TimedEventFailureLog } from '../../src/scheduling/timed-event.js'
import { changeFence, ensureFence } from '../../src/site/fence.js'
import { Store } from '../../src/store-engine/store.js'
import { SubStore } from '../../src/store-engine/sub-store.js'
import { createUnits, Tracer, tracesOf, UnitProcessor } from './batch/batch-items.js'
import { at, Failing, Idle, Job, job, journal } from './jobs.js'
import { earliestIn, lookTime, scheduleIn, schedulerOf, siteWithUsers } from './site-with-users.js'

beforeEach(() => {
  journal.length = 0
})

const EACH = 1_000_000

describe('the events of user stores', () => {
  it('behaviour 130: are driven by a hook in the site, which follows the earliest and goes with the last', () => {
    const { site, users } = siteWithUsers(['a', 'b'])
    const { scheduler } = schedulerOf(site)
    scheduleIn(users.a, 'a2', 20)
    scheduleIn(users.a, 'a1', 10)
    scheduleIn(users.b, 'b', 15)
    expect([lookTime(site, users.a), lookTime(site, users.b)]).toEqual([10, 15])
    expect(scheduler.tick(at(12))).toBe(1)
    expect([lookTime(site, users.a), lookTime(site, users.b)]).toEqual([20, 15])
    scheduler.tick(at(30))
    expect(journal).toEqual(['a1', 'b', 'a2'])
    expect(site.store.query(SubSchedulerParentHook).count()).toBe(0)
    expect(site.store.query(TimedEvent).count()).toBe(0)
  })

  it('behaviour 130: a hook that failed is set again by the next scheduling', () => {
    const { site, users } = siteWithUsers(['a', 'b'])
    const { scheduler, reports } = schedulerOf(site)
    scheduleIn(users.a, 'a', 10)
    scheduleIn(users.b, 'b', 11)
    const directory = String(users.a.storepath)
    renameSync(directory, `${directory}.away`)
    scheduler.tick(at(20))
    expect(reports).toMatchObject([
      { outcome: 'failed', type: 'axiom_subscheduler_parent_hook', error: { code: 'NOT_A_STORE' } },
      { outcome: 'done' },
    ])
    expect(journal).toEqual(['b'])
    const log = site.store.findUnique(TimedEventFailureLog)
    expect([log.runnable, log.desiredTime, log.actualTime]).toEqual([findHook(site.store, users.a), at(10), at(20)])
    expect([lookTime(site, users.a), existsSync(directory)]).toEqual([null, false])
    renameSync(`${directory}.away`, directory)
    scheduleIn(users.a, 'later', 40)
    expect(lookTime(site, users.a)).toBe(40)
    scheduler.tick(at(40))
    expect(journal).toEqual(['b', 'a', 'later'])
  })

  it('behaviour 131: what came due while no node ran runs at the start, over all stores in the order of the times', async () => {
    const { site, users } = siteWithUsers(['a', 'b'])
    const done: string[] = []
    scheduleIn(users.a, '1', 1 * EACH)
    scheduleIn(users.a, '4', 4 * EACH)
    scheduleIn(users.b, '3', 3 * EACH)
    scheduleIn(users.b, '6', 6 * EACH)
    schedule(job(site.store, '2'), at(2 * EACH))
    const last = job(site.store, '5')
    last.act = () => void done.push('5')
    schedule(last, at(5 * EACH))
    const { scheduler, troubles } = schedulerOf(site)
    scheduler.start()
    expect(journal).toEqual([])
    await expect.poll(() => journal).toEqual(['1', '2', '3', '4', '5', '6'])
    expect([done, troubles]).toEqual([['5'], []])
  })

  it('a start looks into stores whose hook has lost its event', async () => {
    const { site, users } = siteWithUsers(['a', 'b'])
    for (const name of ['a', 'b'] as const) scheduleIn(users[name], name, 10)
    site.store.query(TimedEvent).deleteFromStore()
    const { scheduler } = schedulerOf(site)
    expect(scheduler.tick()).toBe(0)
    scheduler.start()
    await expect.poll(() => journal).toEqual(['a', 'b'])
  })

  it('that waited for a held store do not wait longer because the clock was set back', () => {
    const { site, users } = siteWithUsers(['a'])
    const { scheduler, outcomes } = schedulerOf(site)
    scheduleIn(users.a, 'a', 10)
    const other = Store.open(String(users.a.storepath))
    const transaction = other.begin()
    expect([scheduler.tick(at(3600 * EACH)), outcomes()]).toEqual([1, ['postponed']])
    transaction.rollback()
    other.close()
    expect([scheduler.tick(at(3600 * EACH + 1)), outcomes()]).toEqual([0, []])
    expect([scheduler.tick(at(1 * EACH)), outcomes(), journal]).toEqual([1, ['done'], ['a']])
  })

  it('run ten at a time, also of one store', () => {
    const { site, users } = siteWithUsers(['a'])
    const { scheduler } = schedulerOf(site)
    users.a.use(store => {
      for (let time = 1; time <= 25; time += 1) schedule(job(store, `${time}`), at(time))
    })
    expect([1, 2, 3, 4].map(() => scheduler.tick(at(99)))).toEqual([10, 10, 5, 0])
  })

  it('keep no store open, and leave one open that was', () => {
    const { site, users } = siteWithUsers(['a', 'b'])
    const { scheduler } = schedulerOf(site)
    const open: string[][] = []
    const look = () => open.push([users.a, users.b].filter(each => each.isOpen).map(each => String(each.storeID)))
    const b = users.b.open()
    const watching = job(b, 'b')
    watching.act = () => void look()
    schedule(watching, at(10))
    scheduleIn(users.a, 'a', 5)
    scheduler.tick(at(10))
    look()
    expect(open).toEqual([[`${users.b.storeID}`], [`${users.b.storeID}`]])
    expect(journal).toEqual(['a', 'b'])
    b.close()
  })

  it('give a batch processor its turns until nothing is left to do', async () => {
    const { site, users } = siteWithUsers(['a'])
    const { scheduler, troubles } = schedulerOf(site)
    users.a.use(store => {
      createUnits(store, ...Array(25).keys())
      const processor = store.create(UnitProcessor, {})
      processor.busyInterval = 1
      processor.addReliableListener(store.create(Tracer, {}))
    })
    scheduler.start()
    await expect.poll(() => lookTime(site, users.a)).toBeNull()
    users.a.use(store => expect(tracesOf(store.findUnique(Tracer))).toHaveLength(25))
    expect(troubles).toEqual([])
  })

  it('fail in their own store, like any other', () => {
    const { site, users } = siteWithUsers(['a'])
    const { scheduler, outcomes } = schedulerOf(site)
    users.a.use(store => void schedule(store.create(Failing, {}), at(1)))
    scheduler.tick(at(9))
    expect(outcomes()).toEqual(['failed'])
    expect(site.store.query(TimedEventFailureLog).count()).toBe(0)
    users.a.use(store => expect(store.query(TimedEventFailureLog).count()).toBe(1))
  })

  it('one that insists on its turn holds up no other store', () => {
    const { site, users } = siteWithUsers(['a', 'b'])
    const { scheduler } = schedulerOf(site)
    scheduleIn(users.a, 'a', 0, 0n)
    scheduleIn(users.b, 'b', 2)
    schedule(job(site.store, 'site', 0n), at(0))
    schedule(job(site.store, 'last'), at(3))
    scheduler.tick(at(9))
    expect(journal.toSorted()).toEqual(['a', 'b', 'last', 'site'])
    scheduler.tick(at(9))
    expect(journal).toHaveLength(6)
  })
})

describe('a user store that cannot be looked into', () => {
  it('is tried again later where it is sealed, and nothing is recorded', () => {
    const { site, users } = siteWithUsers(['a', 'b'])
    const { scheduler, reports } = schedulerOf(site)
    scheduleIn(users.a, 'a', 10)
    scheduleIn(users.b, 'b', 20)
    const seal = users.a.use(store => {
      ensureFence(store, 'x')
      return changeFence(store, { state: 'active' }, { state: 'sealed' })
    })
    scheduler.tick(at(30))
    scheduler.tick(at(31))
    expect(reports).toMatchObject([{ outcome: 'postponed', error: { code: 'STORE_SEALED' } }, { outcome: 'done' }])
    expect([lookTime(site, users.a), site.store.query(TimedEventFailureLog).count()]).toEqual([10, 0])
    users.a.use(store => changeFence(store, seal, { state: 'active' }))
    scheduler.tick(at(30 + 5 * EACH))
    expect(journal).toEqual(['b', 'a'])
  })

  it('is tried again later where another writes it, without much waiting', () => {
    const { site, users } = siteWithUsers(['a'])
    const { scheduler, outcomes } = schedulerOf(site, { busyTimeout: 1 })
    scheduleIn(users.a, 'a', 10)
    using other = Store.open(String(users.a.storepath))
    other.transact(() => scheduler.tick(at(30)))
    expect(outcomes()).toEqual(['postponed'])
    scheduler.tick(at(30 + 5 * EACH))
    expect(outcomes()).toEqual(['done'])
  })

  it('is recorded where it is damaged', () => {
    const { site, users } = siteWithUsers(['a', 'b'])
    const { scheduler, outcomes } = schedulerOf(site)
    scheduleIn(users.a, 'a', 10)
    scheduleIn(users.b, 'b', 20)
    for (const name of readdirSync(String(users.a.storepath)).filter(each => each.startsWith('db.sqlite')))
      rmSync(join(String(users.a.storepath), name))
    writeFileSync(join(String(users.a.storepath), 'db.sqlite'), 'no database at all, whatever it is called')
    scheduler.tick(at(30))
    expect(outcomes()).toEqual(['failed', 'done'])
    expect(findHook(site.store, users.a)).toBeDefined()
  })

  it('is forgotten where the site has removed it', () => {
    const { site, users } = siteWithUsers(['a'])
    const { scheduler } = schedulerOf(site)
    scheduleIn(users.a, 'a', 10)
    users.a.deleteFromStore()
    scheduler.tick(at(30))
    expect([site.store.query(TimedEvent).count(), site.store.query(SubSchedulerParentHook).count()]).toEqual([0, 0])
    expect(site.store.query(TimedEventFailureLog).count()).toBe(0)
  })

  it('an event without code keeps its time and its hook, and the others of the store run', () => {
    const { site, users } = siteWithUsers(['a', 'b'])
    const { scheduler, outcomes } = schedulerOf(site)
    users.a.use(store => void store.create(TimedEvent, { runnable: store.create(Idle, {}), time: at(10) }))
    scheduleIn(users.a, 'a', 20)
    scheduleIn(users.a, 'later', 60)
    scheduleIn(users.b, 'b', 30)
    expect(lookTime(site, users.a)).toBe(20)
    for (const now of [40, 41, 61, 62]) scheduler.tick(at(now))
    expect([journal, outcomes()]).toEqual([
      ['a', 'b', 'later'],
      ['done', 'left', 'done', 'done'],
    ])
    expect([lookTime(site, users.a), lookTime(site, users.b), earliestIn(users.a)]).toEqual([10, null, 10])
  })
})

describe('time', () => {
  it('is waited for, and what is scheduled meanwhile in this process is not late', async () => {
    const { site, users } = siteWithUsers(['a'])
    const { scheduler, troubles } = schedulerOf(site, { longestSleep: 60_000 })
    scheduler.start()
    scheduler.start()
    await sleep(20)
    const soon = BigInt(Date.now() + 40) * 1000n
    scheduleIn(users.a, 'a', soon)
    schedule(job(site.store, 'site'), at(soon + 1n))
    expect(journal).toEqual([])
    await expect.poll(() => journal).toEqual(['a', 'site'])
    expect(BigInt(Date.now()) * 1000n).toBeGreaterThanOrEqual(soon)
    expect(troubles).toEqual([])
  })

  it('what another process schedules is seen after the longest sleep', async () => {
    const { site } = siteWithUsers(['a'])
    const { scheduler } = schedulerOf(site, { longestSleep: 10 })
    scheduler.start()
    await sleep(30)
    using other = Store.open(site.directory)
    using user = other.findUnique(SubStore).open()
    schedule(job(user, 'a'), at(1))
    await expect.poll(() => journal).toEqual(['a'])
  })

  it('is what the clock says', async () => {
    let now = 100n
    const { site, users } = siteWithUsers(['a'], { clock: () => now })
    const { scheduler } = schedulerOf(site, { longestSleep: 5 })
    scheduleIn(users.a, 'a', 200)
    scheduler.start()
    await sleep(30)
    expect(journal).toEqual([])
    now = 200n
    await expect.poll(() => journal).toEqual(['a'])
  })

  it('stands still after stop, and no timer keeps the process', async () => {
    const { site, users } = siteWithUsers(['a'])
    const { scheduler } = schedulerOf(site, { longestSleep: 1 })
    const before = timers()
    scheduler.start()
    expect(timers()).toBe(before + 1)
    scheduler.stop()
    expect(timers()).toBe(before)
    scheduleIn(users.a, 'a', 1)
    await sleep(10)
    expect(journal).toEqual([])
    scheduler.start()
    await expect.poll(() => journal).toEqual(['a'])
  })

  it('an event may stop the scheduler', async () => {
    const { site } = siteWithUsers(['a'])
    const { scheduler } = schedulerOf(site, { longestSleep: 1 })
    const before = timers()
    const stopping = job(site.store, 'stop', 0n)
    stopping.act = () => scheduler.stop()
    schedule(stopping, at(1))
    scheduler.start()
    await expect.poll(() => journal).toEqual(['stop'])
    await sleep(10)
    expect(journal).toEqual(['stop'])
    expect(timers()).toBeLessThanOrEqual(before)
  })

  it('trouble with the site itself is told, and the scheduler goes on', async () => {
    const { site } = siteWithUsers(['a'], { busyTimeout: 1 })
    const { scheduler, troubles } = schedulerOf(site, { longestSleep: 5 })
    schedule(job(site.store, 'site'), at(1))
    using other = Store.open(site.directory)
    other.engine.connection.prepare('BEGIN IMMEDIATE').run()
    scheduler.start()
    await expect.poll(() => troubles.length).toBeGreaterThan(1)
    expect(troubles[0]).toMatchObject({ code: 'STORE_BUSY' })
    other.engine.connection.prepare('ROLLBACK').run()
    await expect.poll(() => journal).toEqual(['site'])
  })
})

function timers(): number {
  return process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
}

it('a user store that is opened on its own has events and no hook; taking it in makes one for the earliest', () => {
  const { site, users } = siteWithUsers(['a'])
  using store = Store.open(String(users.a.storepath))
  const alone = job(store, 'alone')
  for (const time of [30, 10, 20]) schedule(alone, at(time))
  expect(scheduledTimes(alone)).toHaveLength(3)
  expect([earliestEvent(store), lookTime(site, users.a)]).toEqual([at(10), null])
  expect(store.query(Job).count()).toBe(1)
})
