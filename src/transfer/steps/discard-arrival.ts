import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fsyncPath } from '../../base/atomic-file.js'
import { releaseReservations } from '../../site/reservations.js'
import type { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { advanceTransfer } from '../../site/transfers-journal.js'
import { readFence } from '../../store-engine/database/write-fence.js'
import { openCarried } from '../copying/open-carried.js'
import { discardedDirectory, plannedDirectory, stagingDirectory } from '../places.js'
import { type Move, targetOf, watch } from '../protocol/move.js'

/**
 * Removes the copy and gives the names back. Never touches a store that was admitted.
 *
 * What is to go is renamed in the transaction that decides it, and deleted afterwards: deleting takes its time, and a
 * coordinator that does not know yet then finds nothing to write into.
 */
export function discard(move: Move): void {
  const site = targetOf(move)
  const from = ['RESERVED', 'RECEIVING', 'VERIFIED', 'PREPARED', 'DISCARDING'] as const
  const directory = site.store.transact(() => {
    const row = advanceTransfer(site, move.id, { from, to: 'DISCARDING' })
    releaseReservations(site, move.id)
    takeAway(site, row)
    return plannedDirectory(site, row)
  })
  // Else a power cut might bring the copy back to a place that is free for others.
  for (const parent of [dirname(discardedDirectory(site, move.id)), dirname(directory)])
    if (existsSync(parent)) fsyncPath(parent)
  watch(move, 'discard', 'within')
  // Files of a coordinator that still writes may appear while this goes through them.
  rmSync(discardedDirectory(site, move.id), { recursive: true, force: true, maxRetries: 5 })
  advanceTransfer(site, move.id, { from: 'DISCARDING', to: 'DISCARDED' })
}

function takeAway(site: Site, row: TransferRow): void {
  const doomed = discardedDirectory(site, row.id)
  const staging = stagingDirectory(site, row.id)
  const directory = plannedDirectory(site, row)
  if (existsSync(staging)) renameSync(staging, doomed)
  else if (existsSync(join(directory, 'db.sqlite')) && isPreparedBy(directory, row.id)) renameSync(directory, doomed)
}

function isPreparedBy(directory: string, transferId: string): boolean {
  using store = openCarried(directory, { readonly: true })
  const fence = readFence(store)
  return fence?.state === 'prepared' && fence.transferId === transferId
}
