/**
 * Taking a user in from an archive, a stream, or a directory that a store was extracted to.
 *
 * An import is a move without a source: names are reserved, the store is put together and verified in the site's
 * `temp/`, gets a fence that refuses writes, is renamed into place, and becomes reachable in one site transaction. A
 * crash before the copy is prepared leaves nothing; a later one is completed by the next opening.
 *
 * Whose store is it? An archive made with `--remove` carries the identity of the store along. Any other is a copy, and
 * gets a new store id, unless the caller says that it replaces a lost original. Every import raises the epoch and,
 * where the identity stays, the incarnation above all that this site knows of the store. A copy sends nothing that its
 * original will send.
 */
import { getLoginSystem } from '../../accounts/login-system.js'
import { newUlid } from '../../base/ids.js'
import type { Site } from '../../site/site.js'
import { assertMayArrive, assertOneFileSystem } from '../places.js'
import { type Move, UNOBSERVED } from '../protocol/move.js'
import { lockMove } from '../protocol/move-lock.js'
import { settle } from '../protocol/settle.js'
import { TransferPendingError } from '../transfer-errors.js'
import { ArrivingUser } from './arriving-user.js'
import type { ImportOptions, ImportResult, ImportSource } from './import-options.js'

/**
 * Imports a user. Afterwards the account exists with all its login methods, and its store is active. On failure, and
 * when the signal comes before the user is admitted, the site is as it was.
 *
 * @throws ArchiveRefusedError, VerificationError, UnfitDatabaseError, ForeignSchemaError, AddressTakenError,
 *   NoLoginSystemError, UnavailableError.
 */
export async function importUser(site: Site, from: ImportSource, options: ImportOptions = {}): Promise<ImportResult> {
  getLoginSystem(site.store)
  assertOneFileSystem(site)
  assertMayArrive(site)
  const move: Move = { id: newUlid(), source: undefined, target: site, observe: options.observe ?? UNOBSERVED }
  using lock = lockMove(move)
  if (lock === undefined) throw new TransferPendingError(move.id, 'its lock is held')
  const arrival = new ArrivingUser(site, move, options)
  try {
    if (from.kind === 'archive') await arrival.unpack(from.input)
    else await arrival.copy(from.directory)
    await arrival.prepare()
    options.signal?.throwIfAborted()
    // From here on nothing is waited for that could let a signal in.
    await settle(move, { source: false, target: true })
  } catch (error) {
    await arrival.giveUp(error)
  }
  return arrival.result()
}
