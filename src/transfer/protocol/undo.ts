import { MantissaError } from '../../base/errors.js'
import { findTransfer } from '../../site/transfers-journal.js'
import { abort } from '../steps/seal-and-decide.js'
import { TransferAbortedError, TransferPendingError, TransferRolledBackError } from '../transfer-errors.js'
import { type Move, sourceOf } from './move.js'
import { type Expected, type OnTaken, settle } from './settle.js'

export interface Failure {
  readonly cause: unknown
  readonly address: string
  readonly onTaken?: OnTaken
}

/**
 * Undoes a move that has failed, for the process that coordinated it: its user stays, and can write.
 *
 * Returns only where it turns out that the move is committed after all; then there is nothing to undo.
 *
 * @throws the cause; TransferAbortedError where somebody else had decided so before; TransferPendingError where it
 *   cannot be undone yet.
 */
export async function undo(move: Move, expected: Expected, { cause, address, onTaken }: Failure): Promise<void> {
  const source = sourceOf(move)
  let others: string | null = null
  try {
    const row = findTransfer(source, move.id)
    if (row === undefined) throw cause
    if (row.decision === 'abort') others = row.error ?? 'no reason was given'
    if (abort(move, textOf(cause)) === 'commit') return
    await settle(move, expected, onTaken)
  } catch (error) {
    if (error === cause) throw cause
    throw new TransferPendingError(move.id, `it failed (${textOf(cause)}) and could not be undone yet`, error)
  }
  if (others !== null) throw new TransferAbortedError(move.id, address, { reason: others, cause })
  if (cause instanceof MantissaError) throw cause
  throw new TransferRolledBackError(move.id, address, cause)
}

/** What an error says, in one line of a journal or a message. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
