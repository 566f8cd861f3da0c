/**
 * The protocol of a move, as data: which steps there are, on which side each works, from which state of that side's
 * journal to which, and whether it is taken before the decision, after a commit, after an abort, or long after.
 *
 * The coordinator and the recovery both walk this list, and the crash tests are generated from it, so that a step
 * cannot be added without being killed before, within and after. Two states of two journals and one decision column
 * tell everything: `next-steps` derives what remains to be done from them, and nothing is remembered elsewhere.
 *
 * - *source*: the site that owns the user now. Its journal holds the decision, the one commit point of the move.
 * - *target*: the site that will own the user.
 *
 * An export that removes the user is a move without a target, an import a move without a source; the import's own
 * commit point is its `admit`. They are walked by the same list, with the steps of the missing side left out.
 */
import type { TransferDecision, TransferRole, TransferState } from '../../site/transfer-states.js'

export type Side = TransferRole
export type State = TransferState

export interface StepOfProtocol {
  readonly name: string
  readonly side: Side
  /** In which part of a move it is taken; `later` when its user has been elsewhere for a while. */
  readonly when: 'undecided' | TransferDecision | 'later'
  /** States of its side's journal in which it may begin; null where the row does not exist yet. */
  readonly from: readonly (State | null)[]
  /** The state afterwards; equal to a `from` state where only the disk or a fence changes. */
  readonly to: State
  /** It has more than one effect, or loads code before its only one: the observer is told of the moment `within`. */
  readonly isDivisible?: true
  /** One sentence for people. */
  readonly does: string
}

export const PROTOCOL = [
  {
    name: 'plan',
    side: 'source',
    isDivisible: true,
    when: 'undecided',
    from: [null],
    to: 'PLANNED',
    does: 'note the transfer in the journal of the source',
  },
  {
    name: 'reserve',
    side: 'target',
    when: 'undecided',
    from: [null],
    to: 'RESERVED',
    does: 'reserve all login names and the directory at the target',
  },
  {
    name: 'stage',
    side: 'target',
    when: 'undecided',
    from: ['RESERVED'],
    to: 'RECEIVING',
    does: 'make the staging directory at the target',
  },
  {
    name: 'copy',
    side: 'source',
    isDivisible: true,
    when: 'undecided',
    from: ['PLANNED'],
    to: 'COPYING',
    does: 'copy an image of the database and the files while the user works, and check them',
  },
  {
    name: 'seal',
    side: 'source',
    isDivisible: true,
    when: 'undecided',
    from: ['COPYING'],
    to: 'SEALED',
    does: 'seal the store: reads are served, writes are told to wait',
  },
  {
    name: 'verify',
    side: 'target',
    isDivisible: true,
    when: 'undecided',
    from: ['RECEIVING'],
    to: 'VERIFIED',
    does: 'copy again what has changed since, and compare image, rows and files',
  },
  {
    name: 'prepare',
    side: 'target',
    isDivisible: true,
    when: 'undecided',
    from: ['VERIFIED'],
    to: 'PREPARED',
    does: "give the copy the site's login rows and a fence that refuses writes, and flush it to the disk",
  },
  {
    name: 'commit',
    side: 'source',
    when: 'undecided',
    from: ['SEALED'],
    to: 'DECIDED',
    does: 'decide: from here on the move is completed, whatever happens',
  },
  {
    name: 'hand-over',
    side: 'source',
    isDivisible: true,
    when: 'commit',
    from: ['DECIDED'],
    to: 'HANDED_OVER',
    does: 'remove the account at the source and leave tombstones that name the target',
  },
  {
    name: 'place',
    side: 'target',
    isDivisible: true,
    when: 'commit',
    from: ['PREPARED'],
    to: 'PREPARED',
    does: 'rename the copy to its place',
  },
  {
    name: 'admit',
    side: 'target',
    isDivisible: true,
    when: 'commit',
    from: ['PREPARED'],
    to: 'ACTIVE',
    does: 'create the account with all its login methods at the target',
  },
  {
    name: 'activate',
    side: 'target',
    when: 'commit',
    from: ['ACTIVE'],
    to: 'ACTIVE',
    does: 'open the fence of the copy: the user can write again',
  },
  {
    name: 'probe',
    side: 'target',
    when: 'commit',
    from: ['ACTIVE'],
    to: 'CONFIRMED',
    does: 'open, read, write and look up the user at the target',
  },
  {
    name: 'retire',
    side: 'source',
    when: 'commit',
    from: ['HANDED_OVER'],
    to: 'HANDED_OVER',
    does: 'close the fence of the old store for ever',
  },
  {
    name: 'quarantine',
    side: 'source',
    isDivisible: true,
    when: 'commit',
    from: ['HANDED_OVER'],
    to: 'HANDED_OVER',
    does: 'put the old store aside, where purge will find it',
  },
  {
    name: 'close',
    side: 'target',
    when: 'commit',
    from: ['CONFIRMED'],
    to: 'CLOSED',
    does: 'close the transfer at the target',
  },
  {
    name: 'purge',
    side: 'source',
    isDivisible: true,
    when: 'later',
    from: ['HANDED_OVER', 'PURGING'],
    to: 'PURGED',
    does: 'delete the old store',
  },
  {
    name: 'abort',
    side: 'source',
    when: 'undecided',
    from: ['PLANNED', 'COPYING', 'SEALED'],
    to: 'DECIDED',
    does: 'decide: the user stays where they are',
  },
  {
    name: 'unseal',
    side: 'source',
    isDivisible: true,
    when: 'abort',
    from: ['DECIDED'],
    to: 'UNSEALED',
    does: 'let the user write again, above every epoch that was prepared',
  },
  {
    name: 'end',
    side: 'source',
    when: 'abort',
    from: ['UNSEALED'],
    to: 'CLOSED',
    does: 'close the transfer at the source',
  },
  {
    name: 'discard',
    side: 'target',
    isDivisible: true,
    when: 'abort',
    from: ['RESERVED', 'RECEIVING', 'VERIFIED', 'PREPARED', 'DISCARDING'],
    to: 'DISCARDED',
    does: 'remove the copy and give the reserved names back',
  },
] as const satisfies readonly StepOfProtocol[]

export type StepName = (typeof PROTOCOL)[number]['name']

/** The steps in which a move that succeeds is made, in order. */
export const FORWARD: readonly StepName[] = PROTOCOL.filter(
  step => (step.when === 'undecided' || step.when === 'commit') && step.name !== 'abort',
).map(step => step.name)

/** Where a step is observed: just before it, between two of its effects, just after it. */
export type Moment = 'before' | 'within' | 'after'

/** Watches a move; what it throws stops the move there, as a failure of that step would. */
export type StepObserver = (step: StepName, moment: Moment, transferId: string) => void
