import type { TransferDecision, TransferState } from '../../site/transfer-states.js'
import type { StepName } from './protocol.js'

/** What one journal says; `none` for the side that an export or an import does not have. */
export type SideView = SideRow | 'none' | 'unreachable'

export interface SideRow {
  readonly state: TransferState
  readonly decision: TransferDecision | null
  /** At the source: whether the target was found whole and the old store put aside. */
  readonly isConfirmed: boolean
}

export interface MoveView {
  readonly source: SideView
  readonly target: SideView
}

/** Steps to take in this order; none when the move has ended; `wait` until the other side can be reached. */
export type NextSteps = readonly StepName[] | 'wait'

const FINISHED: NextSteps = []

/**
 * What is to be done next for a move whose coordinator is gone, or which is decided: derived from the two journals
 * and the decision alone. Asking again after they were taken leads to none, or to `wait` where a side is unreachable.
 *
 * What is undecided is aborted: only a living coordinator can commit. An import whose copy is prepared is completed,
 * since nobody else can own that store.
 */
export function nextSteps({ source, target }: MoveView): NextSteps {
  if (source === 'none') return target === 'none' ? FINISHED : nextOfImport(target)
  if (source === 'unreachable') return target === 'none' ? 'wait' : nextWithoutSource(target)
  if (source.decision === null) return ['abort']
  return source.decision === 'abort' ? nextOfAbort(source, target) : nextOfCommit(source, target)
}

function nextOfImport(target: SideView): NextSteps {
  if (target === 'unreachable' || target === 'none') return 'wait'
  return isNeverToArrive(target.state) ? ['discard'] : nextOfArrival(target.state)
}

/** A target alone may discard what was never prepared, and finish what it has admitted. */
function nextWithoutSource(target: SideView): NextSteps {
  if (target === 'unreachable' || target === 'none') return 'wait'
  if (isNeverToArrive(target.state)) return ['discard']
  if (target.state === 'ACTIVE') return nextOfArrival(target.state)
  return isEnd(target.state) ? FINISHED : 'wait'
}

function nextOfAbort(source: SideRow, target: SideView): NextSteps {
  if (source.state === 'UNSEALED') return ['end']
  if (source.state !== 'CLOSED') return ['unseal']
  if (target === 'unreachable') return 'wait'
  return target === 'none' || isEnd(target.state) ? FINISHED : ['discard']
}

function nextOfCommit(source: SideRow, target: SideView): NextSteps {
  if (source.state === 'DECIDED') return ['hand-over']
  if (source.state === 'PURGING') return ['purge']
  if (target === 'unreachable') return source.isConfirmed ? FINISHED : 'wait'
  if (target !== 'none' && !isArrived(target.state)) return nextOfArrival(target.state)
  if (!source.isConfirmed && source.state === 'HANDED_OVER') return ['retire', 'quarantine']
  return target !== 'none' && target.state === 'CONFIRMED' ? ['close'] : FINISHED
}

function nextOfArrival(state: TransferState): NextSteps {
  if (state === 'PREPARED') return ['place', 'admit']
  if (state === 'ACTIVE') return ['activate', 'probe']
  if (state === 'CONFIRMED') return ['close']
  return isEnd(state) ? FINISHED : 'wait'
}

/** Without the other side's word: it was never prepared, or it is being discarded already. */
function isNeverToArrive(state: TransferState): boolean {
  return state === 'RESERVED' || state === 'RECEIVING' || state === 'VERIFIED' || state === 'DISCARDING'
}

function isArrived(state: TransferState): boolean {
  return state === 'CONFIRMED' || isEnd(state)
}

function isEnd(state: TransferState): boolean {
  return state === 'CLOSED' || state === 'DISCARDED'
}
