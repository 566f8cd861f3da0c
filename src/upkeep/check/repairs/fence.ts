import { changeFence } from '../../../site/fence.js'
import { fenceFault, highestEpoch } from '../fence-faults.js'
import { SiteRows } from '../site-rows.js'
import { withStore } from './open-repaired.js'
import type { Repair } from './repair-kind.js'

/** As far above the planned epoch as the abort of the move should have put the store. */
const EPOCHS_OF_AN_ABORT = 2

/** Opens a fence that was closed for a transfer which has ended since, or which nothing speaks for, and the user stayed. */
export const unsealStore: Repair = (site, finding, directory) =>
  withStore(site, directory, store => {
    const fence = store.readFence()
    if (fence === null || fence.state === 'active') return 'gone'
    const rows = new SiteRows(site.store.engine.connection)
    if (fenceFault(rows, fence, finding.store)?.repair === undefined) return 'gone'
    changeFence(store, fence, { state: 'active', epoch: highestEpoch(rows, fence) + EPOCHS_OF_AN_ABORT })
    return 'done'
  })
