/**
 * The part of an export in which the user leaves: a move without a target.
 *
 * The store is sealed, the copy is made good and written, and only then the journal's decision makes the user leave
 * and gives the export its name. A crash before the decision leaves the user where they were, and the next opening
 * unseals the store and removes what was written; one after it is completed by the next opening.
 */
import type { Site } from '../../site/site.js'
import { advanceTransfer } from '../../site/transfers-journal.js'
import type { UserStoreFacts } from '../copying/describe-store.js'
import { assertNoForeignWriter } from '../copying/foreign-writers.js'
import { LiveCopy, type LiveCopyOptions } from '../copying/live-copy.js'
import { quarantineDirectory } from '../places.js'
import type { Heartbeat } from '../protocol/heartbeat.js'
import { type Move, takeStep, UNOBSERVED, watch } from '../protocol/move.js'
import type { StepName, StepObserver } from '../protocol/protocol.js'
import { settle } from '../protocol/settle.js'
import { textOf, undo } from '../protocol/undo.js'
import { refusedCall } from '../refused-call.js'
import { type Leaving, planLeaving, type StoreIdentity } from '../steps/plan-leaving.js'
import { commit, type Seal, seal } from '../steps/seal-and-decide.js'
import { ExportIncompleteError, TransferPendingError, TransferRolledBackError } from '../transfer-errors.js'
import type { Delivery } from './publish-export.js'

export interface Removal {
  readonly site: Site
  readonly facts: UserStoreFacts
  readonly staging: string
  readonly id: string
  readonly delivery: Delivery | undefined
  /** Is told of the bytes by `options.onBytes`. */
  readonly heartbeat: Heartbeat
  readonly options: Omit<LiveCopyOptions, 'named'> & {
    readonly assumeStopped?: boolean | undefined
    readonly observe?: StepObserver | undefined
    readonly deletesOldStore?: boolean | undefined
    readonly freezeLimitMs?: number | undefined
  }
}

/** Writes the sealed copy, and calls `decide` when it is complete. */
export type Writing = (copy: LiveCopy, label: Seal & StoreIdentity, decide: () => Promise<void>) => Promise<void>

export interface Removed {
  readonly freezeMs: number
  readonly quarantine: string | null
  /** This process stood still for so long that others have completed it. */
  readonly completedByOthers: boolean
}

const ALONE = { source: true, target: false } as const

/** Removes the user when the writing has succeeded; otherwise they stay, and can write. The caller holds the lock. */
export async function removeWith(removal: Removal, write: Writing): Promise<Removed> {
  const { site, facts, id, options } = removal
  const move: Move = {
    id,
    source: site,
    target: undefined,
    observe: options.observe ?? UNOBSERVED,
    heartbeat: removal.heartbeat,
  }
  let failure: unknown
  let frozenAt = performance.now()
  try {
    const identity = await takeStep(move, 'plan', () => planLeaving(move, facts, leavingOf(removal)))
    using copy = new LiveCopy(facts.directory, removal.staging, { named: facts.address, ...options })
    await takeStep(move, 'copy', async () => {
      advanceTransfer(site, id, { from: 'PLANNED', to: 'COPYING' })
      watch(move, 'copy', 'within')
      await copy.copy()
    })
    options.signal?.throwIfAborted()
    frozenAt = performance.now()
    const sealed = await takeStep(move, 'seal', () => seal(move, copy.original))
    await copy.settle()
    await write(copy, { ...sealed, ...identity }, async () => {
      await copy.assertUntouched()
      if (!options.assumeStopped) assertNoForeignWriter(site.directory, facts.directory)
      options.signal?.throwIfAborted()
      await takeStep(move, 'commit', () => {
        if (!commit(move, sealed.revision))
          throw new TransferRolledBackError(id, facts.address, 'somebody has aborted it')
      })
    })
  } catch (error) {
    const cause = refusedCall(error, removal.delivery?.partial)
    await undo(move, ALONE, { cause, address: facts.address })
    failure = error
  }
  const freezeMs = performance.now() - frozenAt
  const taken = await finish(move)
  const quarantine = quarantineDirectory(site, id)
  if (failure !== undefined) throw new ExportIncompleteError(facts.address, quarantine, failure)
  const completedByOthers = !taken.has('hand-over') || !taken.has('quarantine')
  return { freezeMs, quarantine: options.deletesOldStore ? null : quarantine, completedByOthers }
}

function leavingOf({ delivery, options }: Removal): Leaving {
  const { deletesOldStore = false, freezeLimitMs } = options
  const plan = { delivery: delivery === undefined ? null : { ...delivery }, deletesOldStore }
  return { otherSiteId: null, toPath: null, freezeLimitMs, plan }
}

/** @returns the steps that were taken here, and not by somebody who found this process standing still. */
async function finish(move: Move): Promise<ReadonlySet<StepName>> {
  const taken = new Set<StepName>()
  try {
    await settle(move, ALONE, step => taken.add(step))
    return taken
  } catch (error) {
    throw new TransferPendingError(move.id, textOf(error), error)
  }
}
