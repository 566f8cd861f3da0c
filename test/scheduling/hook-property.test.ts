import fc from 'fast-check'
import { expect, it } from 'vitest'
import { reschedule, schedule, scheduledTimes, unscheduleAll, unscheduleFirst } from '../../src/scheduling/scheduler.js'
import type { SiteScheduler } from '../../src/scheduling/site-scheduler.js'
import { SubSchedulerParentHook, TimedEvent } from '../../src/scheduling/timed-event.js'
import type { Site } from '../../src/site/site.js'
import type { SubStore } from '../../src/store-engine/sub-store.js'
import { at, Job, job } from './jobs.js'
import { earliestIn, lookTime, schedulerOf, siteWithUsers } from './site-with-users.js'

class RolledBack extends Error {}

/** What may happen in a user store to one of its jobs, at times up to 50. */
const DEEDS = {
  schedule: (job: Job, time: number) => schedule(job, at(time)),
  reschedule: (job: Job, time: number) => {
    const [first] = scheduledTimes(job)
    if (first !== undefined) reschedule(job, first, at(time))
  },
  unscheduleFirst,
  unscheduleAll,
  /** From its next run on it runs again and again, ever later. */
  repeat: (job: Job, time: number) => {
    job.every = BigInt(time + 1)
  },
  delete: (job: Job) => job.deleteFromStore(),
  rollBack: (job: Job, time: number) => {
    const undone = () => {
      unscheduleAll(job)
      schedule(job, at(time))
      throw new RolledBack()
    }
    expect(() => job.store.transact(undone)).toThrow(RolledBack)
  },
}

const step = fc.record({
  deed: fc.constantFrom('tick', ...(Object.keys(DEEDS) as (keyof typeof DEEDS)[])),
  which: fc.nat({ max: 2 }),
  time: fc.nat({ max: 50 }),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function take({ deed, which, time }: Step, user: SubStore, scheduler: SiteScheduler): void {
  if (deed === 'tick') scheduler.tick(at(time))
  else
    user.use(store => {
      const name = `job ${which}`
      DEEDS[deed](store.findFirst(Job, Job.name.equals(name)) ?? job(store, name), time)
    })
}

function expectSound(site: Site, user: SubStore): void {
  const [earliest, look] = [earliestIn(user), lookTime(site, user)]
  if (earliest !== null) expect(look).not.toBeNull()
  if (earliest !== null) expect(look).toBeLessThanOrEqual(earliest)
  const hooks = site.store.query(SubSchedulerParentHook, { where: SubSchedulerParentHook.subStore.equals(user) })
  expect(hooks.count()).toBeLessThanOrEqual(1)
  const events = hooks
    .toArray()
    .map(hook => site.store.query(TimedEvent, { where: TimedEvent.runnable.equals(hook) }).count())
  expect(events).toEqual(hooks.count() === 0 ? [] : [1])
}

it('whatever is scheduled, the hook is never later than the earliest event, and there is one with one event at most', () => {
  const { site, users } = siteWithUsers(['a'])
  const { scheduler, reports } = schedulerOf(site)
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), steps => {
      for (const each of steps) {
        take(each, users.a, scheduler)
        expectSound(site, users.a)
      }
      while (scheduler.tick(at(51)) > 0) expectSound(site, users.a)
      users.a.use(store => void store.query(Job).deleteFromStore())
      while (scheduler.tick(at(10_000)) > 0) expectSound(site, users.a)
      expect([earliestIn(users.a), lookTime(site, users.a)]).toEqual([null, null])
    }),
    { numRuns: 30 },
  )
  expect(reports.filter(({ outcome }) => outcome === 'failed')).toEqual([])
}, 60_000)
