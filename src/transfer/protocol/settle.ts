/**
 * Bringing a move to its end, whoever began it: after the coordinator has decided, and in every recovery.
 *
 * What to do next is derived from the journals alone, and each step is taken again if need be; so this may run in any
 * process that holds the move's lock, after any crash, any number of times.
 */
import type { TransferRow } from '../../site/transfer-row.js'
import { findTransfer } from '../../site/transfers-journal.js'
import { activate, admit, close, place, probe } from '../steps/admission-steps.js'
import { discard } from '../steps/discard-arrival.js'
import { abort, end, handOver, quarantine, retire, unseal } from '../steps/source-steps.js'
import { type Move, takeStep } from './move.js'
import { nextSteps, type SideView } from './next-steps.js'
import type { StepName } from './protocol.js'

/** The steps that need no coordinator's memory. */
const SETTLING = {
  abort: move => void abort(move, 'the process that was moving the user has ended'),
  'hand-over': handOver,
  place,
  admit,
  activate,
  probe,
  retire,
  quarantine,
  close,
  unseal,
  end,
  discard,
} as const satisfies Partial<Record<StepName, (move: Move) => void>>

/** The move has ended, or cannot go on until the other side is reached. */
export type Settled = 'finished' | 'waiting'

export interface Expected {
  /** Whether the move has a source and a target at all; one that is expected and missing is unreachable. */
  readonly source: boolean
  readonly target: boolean
}

export interface SettleOptions {
  /** Called when the user can write again. */
  readonly onThawed?: (() => void) | undefined
}

/** Takes every step that can be taken. Whoever calls it holds the move's lock. */
export async function settle(move: Move, expected: Expected, options: SettleOptions = {}): Promise<Settled> {
  for (;;) {
    const steps = nextSteps(viewOf(move, expected))
    if (steps === 'wait') return 'waiting'
    if (steps.length === 0) return 'finished'
    for (const name of steps) {
      await takeStep(move, name, () => SETTLING[name as keyof typeof SETTLING](move))
      if (name === 'activate' || name === 'unseal') options.onThawed?.()
    }
  }
}

function viewOf(move: Move, expected: Expected) {
  const source = move.source && findTransfer(move.source, move.id)
  const target = move.target && findTransfer(move.target, move.id)
  return {
    source: viewOfSource(source, expected.source),
    // Where the source's row is undecided or aborted, the target may never have heard of the move.
    target: viewOfTarget(target, expected.target && !(move.target !== undefined && source?.decision !== 'commit')),
  }
}

function viewOfSource(row: TransferRow | undefined, isExpected: boolean): SideView {
  if (row === undefined) return isExpected ? 'unreachable' : 'none'
  return { state: row.state, decision: row.decision, isConfirmed: row.confirmed !== null }
}

function viewOfTarget(row: TransferRow | undefined, isExpected: boolean): SideView {
  if (row === undefined) return isExpected ? 'unreachable' : 'none'
  return { state: row.state, decision: row.decision, isConfirmed: row.confirmed !== null }
}
