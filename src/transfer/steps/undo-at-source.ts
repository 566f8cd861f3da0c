/** The steps at the source by which a move that was aborted is taken back. */
import { existsSync } from 'node:fs'
import { LoginAccount } from '../../accounts/login-account.js'
import { PendingError } from '../../base/errors.js'
import { changeFence } from '../../site/fence.js'
import type { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { advanceTransfer, expectTransfer, TransferMovedOnError } from '../../site/transfers-journal.js'
import { openCarried } from '../copying/open-carried.js'
import { deliveryOf, withdraw } from '../leaving/publish-export.js'
import { plannedDirectory } from '../places.js'
import { type Move, sourceOf, watch } from '../protocol/move.js'
import { ignoreMovedOn } from './ignore-moved-on.js'

/** How far above the planned epoch an abort puts the store: above the copy that may have been prepared. */
const EPOCHS_OF_AN_ABORT = 2

/**
 * Lets the user write again where this transfer has sealed the store, above every epoch that was prepared. A store that
 * was not sealed yet is raised as well, so that a coordinator that wakes up later finds another epoch and cannot.
 */
export function unseal(move: Move): void {
  const site = sourceOf(move)
  const row = expectAborted(site, move.id)
  if (!isRemoved(site, row)) raiseStore(plannedDirectory(site, row), row)
  const delivery = deliveryOf(row)
  if (delivery !== undefined) withdraw(delivery)
  watch(move, 'unseal', 'within')
  advanceTransfer(site, move.id, { from: ['DECIDED', 'UNSEALED'], to: 'UNSEALED' })
}

function expectAborted(site: Site, id: string): TransferRow {
  const row = expectTransfer(site, id, ['DECIDED', 'UNSEALED'])
  if (row.decision !== 'abort') throw new TransferMovedOnError(row, ['DECIDED'])
  return row
}

/** While the store was not sealed yet, somebody may have removed the user for good: then nobody is left to write. */
function isRemoved(site: Site, { accountId }: TransferRow): boolean {
  return !(site.store.findItemById(accountId ?? 0) instanceof LoginAccount)
}

function raiseStore(directory: string, { id, storeId, fromEpoch }: TransferRow): void {
  if (!existsSync(directory)) throw new PendingError(`the store ${directory} is not there`, { code: 'STORE_MISSING' })
  const planned = fromEpoch ?? 0
  const raised = { state: 'active', epoch: planned + EPOCHS_OF_AN_ABORT } as const
  using store = openCarried(directory)
  // In one transaction: between the two, whoever is late might seal it.
  store.transact(
    () => {
      ignoreMovedOn(() => changeFence(store, { state: 'sealed', transferId: id }, raised))
      ignoreMovedOn(() => changeFence(store, { state: 'active', storeId, epoch: planned }, raised))
    },
    { ignoreFence: true },
  )
}

/** Closes an aborted transfer at the source. */
export function end(move: Move): void {
  advanceTransfer(sourceOf(move), move.id, { from: 'UNSEALED', to: 'CLOSED' })
}
