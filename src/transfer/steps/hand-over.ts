import { addressesOf } from '../../accounts/account-record.js'
import { readAccountRecord, removeAccountRows } from '../../accounts/account-rows.js'
import { removeApplicationRows } from '../../offerings/application-record.js'
import { PUBLIC_URL, readSetting } from '../../site/settings.js'
import type { Site } from '../../site/site.js'
import { recordTombstone } from '../../site/tombstones.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { advanceTransfer, expectTransfer, TransferMovedOnError } from '../../site/transfers-journal.js'
import { deliveryOf, publish } from '../leaving/publish-export.js'
import { type Move, sourceOf, watch } from '../protocol/move.js'
import { accountOf } from './leaving-account.js'

/**
 * Removes what the site holds for the user and leaves a tombstone per address, in one transaction. An export gets its
 * name before, while the journal is held as well: renamed late, it would take the place of another.
 */
export function handOver(move: Move): void {
  const site = sourceOf(move)
  site.store.transact(() => {
    const delivery = deliveryOf(expectCommitted(site, move.id))
    if (delivery !== undefined) publish(delivery)
  })
  watch(move, 'hand-over', 'within')
  site.store.transact(() => {
    const row = expectCommitted(site, move.id)
    advanceTransfer(site, move.id, { from: 'DECIDED', to: 'HANDED_OVER' })
    const account = accountOf(site, row)
    const addresses = addressesOf(readAccountRecord(site, account))
    removeApplicationRows(site.store, account)
    removeAccountRows(site.store, account)
    // An exported user may be created anew under the same name; one who moved is somewhere else.
    if (row.toPath === null) return
    const publicUrl = move.target === undefined ? null : readSetting<string | null>(move.target, PUBLIC_URL, null)
    for (const address of addresses) {
      recordTombstone(site, address, {
        storeId: row.storeId,
        epoch: row.toEpoch ?? 0,
        targetPath: row.toPath,
        targetSiteId: row.otherSiteId,
        publicUrl,
        transferId: move.id,
      })
    }
  })
}

function expectCommitted(site: Site, id: string): TransferRow {
  const row = expectTransfer(site, id, ['DECIDED'])
  if (row.decision !== 'commit') throw new TransferMovedOnError(row, ['DECIDED'])
  return row
}
