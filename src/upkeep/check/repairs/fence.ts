import { changeFence } from '../../../site/fence.js'
import { fenceFault } from '../journal-faults.js'
import { SiteRows } from '../site-rows.js'
import { withStore } from './open-repaired.js'
import type { Repair } from './repair-kind.js'

/** As far above the planned epoch as the abort of the move should have put the store. */
const EPOCHS_OF_AN_ABORT = 2

/** Opens a fence that a transfer of this site has closed which has ended since, and the user stayed. */
export const unsealStore: Repair = (site, _finding, directory) =>
  withStore(site, directory, store => {
    const fence = store.readFence()
    if (fence === null || fence.state === 'active') return 'gone'
    if (fenceFault(new SiteRows(site.store.engine.connection), fence)?.code !== 'FENCE_LEFT_SEALED') return 'gone'
    changeFence(store, fence, { state: 'active', epoch: fence.epoch + EPOCHS_OF_AN_ABORT })
    return 'done'
  })
