import { scheduledTick, settleHook } from '../../../scheduling/parent-hook.js'
import type { Repair } from './repair-kind.js'
import { subStoreAt } from './sub-store-at.js'

/** Puts the site's hook at the earliest event of the store, whose lock is held meanwhile. */
export const repairHook: Repair = (site, { store }) => {
  const subStore = subStoreAt(site, store)
  if (subStore === undefined) return 'gone'
  const before = scheduledTick(site.store, subStore)
  subStore.use(settleHook, { tolerateNewer: true })
  const after = scheduledTick(site.store, subStore)
  return before?.microseconds === after?.microseconds ? 'gone' : 'done'
}
