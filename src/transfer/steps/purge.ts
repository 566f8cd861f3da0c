import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fsyncPath } from '../../base/atomic-file.js'
import { ConflictError } from '../../base/errors.js'
import type { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { advanceTransfer, expectTransfer } from '../../site/transfers-journal.js'
import { purgingDirectory, quarantineDirectory } from '../places.js'
import { type Move, sourceOf, watch } from '../protocol/move.js'

/**
 * Deletes the old store of a user who was confirmed elsewhere. It is decided first and renamed then, so that a
 * half-deleted directory is never taken for one that is kept; a recovery goes on where a crash has stopped it.
 *
 * @throws NotPurgeableError (`TRANSFER_NOT_CONFIRMED`), TransferMovedOnError; nothing is deleted then.
 */
export function purge(move: Move): void {
  const site = sourceOf(move)
  const doomed = purgingDirectory(site, move.id)
  // In a transaction of its own: were the name taken first, a crash could leave it to a transfer that nobody resumes.
  site.store.transact(() => {
    assertConfirmed(site, expectTransfer(site, move.id, ['HANDED_OVER', 'PURGING']))
    advanceTransfer(site, move.id, { from: ['HANDED_OVER', 'PURGING'], to: 'PURGING', set: { error: null } })
  })
  site.store.transact(() => {
    expectTransfer(site, move.id, ['PURGING'])
    const kept = quarantineDirectory(site, move.id)
    if (existsSync(kept)) renameSync(kept, doomed)
  })
  // Else a power cut might bring the old name back, and half of what it names.
  if (existsSync(dirname(doomed))) fsyncPath(dirname(doomed))
  watch(move, 'purge', 'within')
  rmSync(doomed, { recursive: true, force: true })
  advanceTransfer(site, move.id, { from: 'PURGING', to: 'PURGED' })
}

/** @throws NotPurgeableError where nobody has noted that the user was found whole elsewhere. */
export function assertConfirmed(site: Site, row: TransferRow): void {
  const { id, role, state, confirmed, address } = row
  if (role === 'source' && confirmed !== null && (state === 'HANDED_OVER' || state === 'PURGING')) return
  throw new NotPurgeableError(`transfer ${id} of ${address} leaves no old store that may be deleted: it is ${state}`, {
    code: 'TRANSFER_NOT_CONFIRMED',
    hint: `mantissa --site ${site.directory} transfer show ${id}`,
    details: { id, address, state, role },
  })
}

/** The old store is all that there is of a user, or may be; it was not deleted. */
export class NotPurgeableError extends ConflictError {}
