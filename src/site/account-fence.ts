/**
 * The rows that a site holds for a user travel with the user's store, so they are fenced like it: while a move is
 * copying, whoever changes them bumps the transfer's revision, which the commit compares; from the seal on they must
 * not change at all, nor at the other site until the user was found whole there.
 */
import { BusyError } from '../base/errors.js'
import type { Site } from './site.js'
import type { TransferRow } from './transfer-row.js'
import { type RawTransfer, SELECT_TRANSFERS, transferFromRow } from './transfer-row.js'
import { mayStillChange } from './transfer-states.js'

/**
 * The open transfer that takes this account (the storeID of the site's LoginAccount) away, or has just brought it, if
 * there is one.
 */
export function openTransferForAccount(site: Site, accountId: number): TransferRow | undefined {
  if (!site.hasAdminTables) return undefined
  const row = site.store.sql.get<RawTransfer>(`${SELECT_TRANSFERS} WHERE is_open = 1 AND account_id = ?`, accountId)
  return row === undefined ? undefined : transferFromRow(row)
}

/**
 * To be called in the site transaction that changes an account's rows, before the change.
 *
 * @throws AccountMovingError from the seal on; the transaction should be left with it.
 */
export function noteAccountChange(site: Site, accountId: number): void {
  const transfer = openTransferForAccount(site, accountId)
  if (transfer === undefined) return
  if (!mayStillChange(transfer.state)) throw new AccountMovingError(transfer)
  site.store.sql.run('UPDATE mantissa_transfer SET revision = revision + 1 WHERE id = ?', transfer.id)
}

/** The account is on its way to another site; nothing was changed. */
export class AccountMovingError extends BusyError {
  constructor(transfer: TransferRow) {
    super(`${transfer.address} is being moved (transfer ${transfer.id}, ${transfer.state})`, {
      code: 'ACCOUNT_MOVING',
      hint: 'try again when the transfer has ended: mantissa transfer list',
      details: { address: transfer.address, transfer: transfer.id, state: transfer.state },
    })
  }
}
