/**
 * Bringing a move to its end, whoever began it: after the coordinator has decided, and in every recovery.
 *
 * What to do next is derived from the journals alone, and each step is taken again if need be; so this may run in any
 * process, after any crash, any number of times.
 */
import type { TransferRow } from '../../site/transfer-row.js'
import { findTransfer } from '../../site/transfers-journal.js'
import { activate, admit, close, place, probe } from '../steps/admission-steps.js'
import { discard } from '../steps/discard-arrival.js'
import { handOver } from '../steps/hand-over.js'
import { purge } from '../steps/purge.js'
import { quarantine, retire } from '../steps/put-aside.js'
import { abort } from '../steps/seal-and-decide.js'
import { end, unseal } from '../steps/undo-at-source.js'
import { noteThawed } from './freeze.js'
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
  purge,
  unseal,
  end,
  discard,
} as const satisfies Partial<Record<StepName, (move: Move) => void | Promise<void>>>

/** The move has ended, or cannot go on until the other side is reached. */
export type Settled = 'finished' | 'waiting'

export interface Expected {
  /** Whether the move has a source and a target at all; one that is expected and missing is unreachable. */
  readonly source: boolean
  readonly target: boolean
}

/** Called after each step that was taken here, and not by somebody else. */
export type OnTaken = (step: StepName) => void

/**
 * Takes every step that can be taken. Whoever calls it holds the move's lock, or has found that who holds it stands
 * still: then both may be at it, and what one of them has done the other leaves.
 */
export async function settle(move: Move, expected: Expected, onTaken: OnTaken = () => {}): Promise<Settled> {
  for (;;) {
    const steps = nextSteps(viewOf(move, expected))
    if (steps === 'wait') return 'waiting'
    if (steps.length === 0) return 'finished'
    for (const name of steps) {
      if (!(await takeUnlessOvertaken(move, name, expected))) break
      onTaken(name)
      noteThawed(move, name)
    }
  }
}

/** @returns false where the step failed, and the journals ask for it no more: somebody else has gone further. */
async function takeUnlessOvertaken(move: Move, name: StepName, expected: Expected): Promise<boolean> {
  return takeStep(move, name, async () => {
    try {
      await SETTLING[name as keyof typeof SETTLING](move)
      return true
    } catch (error) {
      const next = nextSteps(viewOf(move, expected))
      if (next !== 'wait' && next.includes(name)) throw error
      return false
    }
  })
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
