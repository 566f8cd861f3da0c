import { createHook, earliestEvent, scheduledTick } from '../../../scheduling/parent-hook.js'
import type { Repair } from './repair-kind.js'
import { subStoreAt } from './sub-store-at.js'

/** Makes the site look when the first event of the store is due, as far as it is known in the site's transaction. */
export const repairHook: Repair = (site, finding) =>
  site.store.transact(() => {
    const subStore = subStoreAt(site, finding.store)
    if (subStore === undefined) return 'gone'
    const first = subStore.use(earliestEvent, { readonly: true, tolerateNewer: true })
    const tick = scheduledTick(site.store, subStore)
    if (first === null || (tick !== null && tick.microseconds <= first.microseconds)) return 'gone'
    createHook(site.store, subStore, first)
    return 'done'
  })
