/**
 * Ending a move at an administrator's word, where it is not decided that the user moves. What is left to be undone
 * afterwards, the recovery does; the decision itself is taken here, once, in the journal of the source.
 */
import { ConflictError, MantissaError } from '../../base/errors.js'
import { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { findTransfer, getTransfer } from '../../site/transfers-journal.js'
import { abort } from '../steps/seal-and-decide.js'
import { moveOf, openOtherSite, type RecoveredTransfer, resumeTransfer, settleAndReport } from './recover-transfers.js'

/**
 * Decides that the user of a transfer stays where they are, and undoes it. Anybody may, also while its process lives:
 * that finds the decision taken.
 *
 * @throws TransferCommittedError when it is decided otherwise; nothing is changed.
 */
export async function abortTransfer(site: Site, id: string): Promise<RecoveredTransfer> {
  const row = assertAbortable(site, id)
  using other = openOtherSite(site, row)
  const move = moveOf(site, row, other?.site)
  if (move.source !== undefined && findTransfer(move.source, id) !== undefined) {
    if (abort(move, 'aborted by an administrator') === 'commit') throw new TransferCommittedError(row)
    // Undoing is safe without the lock: every step of a coordinator that still runs expects another state.
    return await settleAndReport(site, row, move)
  }
  return resumeTransfer(site, id)
}

/**
 * The row of a transfer that {@link abortTransfer} would undo; changes nothing. For one whose decision lies with a site
 * that cannot be read, nobody knows yet.
 *
 * @throws TransferCommittedError
 */
export function assertAbortable(site: Site, id: string): TransferRow {
  const row = getTransfer(site, id)
  const isCommitted =
    row.role === 'target' && row.fromPath === null
      ? hasArrived(row)
      : (row.role === 'source' ? row : rowOfSource(row))?.decision === 'commit'
  if (isCommitted) throw new TransferCommittedError(row)
  return row
}

/** An import is decided when its user is admitted; a prepared one is only ever completed. */
function hasArrived({ state }: TransferRow): boolean {
  return state === 'PREPARED' || state === 'ACTIVE' || state === 'CONFIRMED' || state === 'CLOSED'
}

function rowOfSource({ id, fromPath }: TransferRow): TransferRow | undefined {
  try {
    using source = Site.open(fromPath ?? '', { readonly: true })
    return findTransfer(source, id)
  } catch (error) {
    if (error instanceof MantissaError) return undefined
    throw error
  }
}

/** It is decided that the user moves, so the transfer can only be completed; nothing was changed. */
export class TransferCommittedError extends ConflictError {
  constructor({ id, address }: TransferRow) {
    super(`transfer ${id} of ${address} is decided and cannot be aborted`, {
      code: 'TRANSFER_COMMITTED',
      hint: `mantissa transfer resume ${id}`,
      details: { transferId: id, address },
    })
  }
}
