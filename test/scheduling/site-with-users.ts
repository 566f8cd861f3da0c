import { onTestFinished } from 'vitest'
import type { EventReport } from '../../src/scheduling/event-report.js'
import { earliestEvent, scheduledTick } from '../../src/scheduling/parent-hook.js'
import { schedule } from '../../src/scheduling/scheduler.js'
import { SiteScheduler, type SiteSchedulerOptions } from '../../src/scheduling/site-scheduler.js'
import type { Site, SiteOptions } from '../../src/site/site.js'
import { SubStore } from '../../src/store-engine/sub-store.js'
import { bareSite } from '../site/bare-site.js'
import { at, job } from './jobs.js'

/** A site without accounts, and user stores by name. */
export function siteWithUsers<Name extends string>(
  names: readonly Name[],
  options: SiteOptions = {},
): { readonly site: Site; readonly users: Readonly<Record<Name, SubStore>> } {
  const site = bareSite(options)
  const users = names.map(name => [name, SubStore.createNew(site.store, ['account', 'b', `${name}.axiom`])])
  return { site, users: Object.fromEntries(users) as Record<Name, SubStore> }
}

/** Schedules a new job of that name in a user's store. */
export function scheduleIn(user: SubStore, name: string, time: number | bigint, every?: bigint): void {
  user.use(store => void schedule(job(store, name, every), at(time)))
}

/** A scheduler that is stopped when the test ends, with what it has told. */
export function schedulerOf(site: Site, options: Partial<SiteSchedulerOptions> = {}) {
  const reports: EventReport[] = []
  const troubles: unknown[] = []
  const scheduler = new SiteScheduler(site, {
    onTrouble: error => troubles.push(error),
    report: report => reports.push(report),
    ...options,
  })
  onTestFinished(() => scheduler.stop())
  return { scheduler, reports, troubles, outcomes: () => reports.splice(0).map(({ outcome }) => outcome) }
}

/** When the site looks into a user's store; null when it does not. */
export function lookTime(site: Site, user: SubStore): number | null {
  const time = scheduledTick(site.store, user)
  return time && Number(time.microseconds)
}

/** The earliest event in a user's store. */
export function earliestIn(user: SubStore): number | null {
  return user.use(store => {
    const time = earliestEvent(store)
    return time && Number(time.microseconds)
  })
}
