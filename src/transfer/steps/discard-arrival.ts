import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { releaseReservations } from '../../site/reservations.js'
import { advanceTransfer, getTransfer } from '../../site/transfers-journal.js'
import { readFence } from '../../store-engine/database/write-fence.js'
import { openCarried } from '../copying/open-carried.js'
import { stagingDirectory } from '../places.js'
import { type Move, targetOf } from '../protocol/move.js'
import { arrivalDirectory } from './target-steps.js'

/** Removes the copy and gives the names back. Never touches a store that was admitted. */
export function discard(move: Move): void {
  const site = targetOf(move)
  const row = getTransfer(site, move.id)
  const from = ['RESERVED', 'RECEIVING', 'VERIFIED', 'PREPARED'] as const
  site.store.transact(() => {
    releaseReservations(site, move.id)
    advanceTransfer(site, move.id, { from, to: 'DISCARDED' })
    // A coordinator that does not know yet may still be writing there.
    rmSync(stagingDirectory(site, move.id), { recursive: true, force: true, maxRetries: 5 })
    const directory = arrivalDirectory(site, row)
    if (existsSync(join(directory, 'db.sqlite')) && isPreparedBy(directory, move.id))
      rmSync(directory, { recursive: true, force: true })
  })
}

function isPreparedBy(directory: string, transferId: string): boolean {
  using store = openCarried(directory, { readonly: true })
  const fence = readFence(store)
  return fence?.state === 'prepared' && fence.transferId === transferId
}
