/**
 * Moving a user from one site to another, both of which this process can reach.
 *
 * The promise: whatever is killed, whenever, the user exists exactly once, with everything that was acknowledged. It
 * rests on four things. The copy is made while the user works and is only made good under a short seal. The one commit
 * point is a column in the source's journal. Everything before it can be undone, everything after it can be done by
 * anybody who reads the two journals. And the fence in the store itself keeps two owners from ever writing, even where
 * a process that was stopped wakes up years later.
 *
 * The order of the steps is in `protocol`, what each does in `source-steps` and `target-steps`, what remains to be done
 * in `next-steps`; this file is the coordinator, the only part with a memory. It holds a lock in both sites that dies
 * with it, so that nobody else settles the move while it lives.
 *
 * What travels: the database (every row and storeID, item types without code included), the files, the account with
 * its password hash and all login methods, the scheduler's hook for the earliest event, the endowments. What stays: the
 * site's own items that mention the user, and `run/`.
 */
import { createHash } from 'node:crypto'
import { type Address, formatAddress } from '../base/address.js'
import { MantissaError } from '../base/errors.js'
import { newUlid } from '../base/ids.js'
import { ensureFence } from '../site/fence.js'
import type { Site } from '../site/site.js'
import { advanceTransfer, insertTransfer } from '../site/transfers-journal.js'
import { describeUserStore, type UserStoreFacts } from './describe-store.js'
import { assertNoForeignWriter } from './foreign-writers.js'
import { LiveCopy } from './live-copy.js'
import { type Manifest, writeManifest } from './manifest.js'
import { manifestOf } from './manifest-of.js'
import { beat, type Move, sourceOf, takeStep, targetOf, UNOBSERVED, watch } from './move.js'
import { lockMove } from './move-lock.js'
import { openCarried } from './open-carried.js'
import { quarantineDirectory, siteIdOf } from './places.js'
import { type PlanOptions, planTransfer, type TransferPlan } from './plan-transfer.js'
import type { StepObserver } from './protocol.js'
import { settle } from './settle.js'
import { abort, commit, type Seal, seal } from './source-steps.js'
import { noteVerified, prepare, reserveArrival, stage } from './target-steps.js'
import { TransferPendingError, TransferRolledBackError } from './transfer-errors.js'

export interface TransferOptions extends PlanOptions {
  /** Called with the plan when nothing has begun yet; throwing leaves everything as it is. */
  readonly onPlan?: ((plan: TransferPlan) => void | Promise<void>) | undefined
  /** `full` also runs SQLite's whole integrity check on the copy. */
  readonly verify?: 'quick' | 'full' | undefined
  readonly observe?: StepObserver | undefined
  /** Bytes copied or hashed since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined
  /** Aborting it before the commit point rolls the move back; later it changes nothing. */
  readonly signal?: AbortSignal | undefined
}

export interface TransferResult {
  readonly transferId: string
  readonly address: string
  readonly addresses: readonly string[]
  readonly storeId: string
  /** Of the store at the target. */
  readonly epoch: number
  readonly from: string
  readonly to: string
  readonly bytes: number
  readonly files: number
  /** Images of the database that were needed; 2 where the user wrote meanwhile. */
  readonly images: number
  /** How long writes were refused. */
  readonly freezeMs: number
  readonly durationMs: number
  /** Where the old directory is kept. */
  readonly quarantine: string
  readonly warnings: readonly string[]
}

/** What {@link transferUser} would do; changes nothing. */
export async function planUserTransfer(
  source: Site,
  address: Address,
  options: PlanOptions & { readonly to: Site },
): Promise<TransferPlan> {
  return planTransfer(source, options.to, await describeUserStore(source, address), options)
}

/**
 * Moves a user. Afterwards the target has the account, active, at a higher epoch; the source has tombstones and the
 * old directory in quarantine.
 *
 * @throws TransferRolledBackError, or the conflict, busy or integrity error that stopped it: the user is where they
 *   were, and can write. TransferPendingError: it is decided, and `settle` or the next opening of a site ends it.
 */
export async function transferUser(
  source: Site,
  address: Address,
  options: TransferOptions & { readonly to: Site },
): Promise<TransferResult> {
  const began = performance.now()
  const target = options.to
  const facts = await describeUserStore(source, address)
  const plan = await planTransfer(source, target, facts, options)
  await options.onPlan?.(plan)
  const move: Move = { id: newUlid(), source, target, observe: options.observe ?? UNOBSERVED }
  using lock = lockMove(move)
  if (lock === undefined) throw new TransferPendingError(move.id, 'its lock is held')
  const coordinator = new Coordinator(move, facts, options)
  await coordinator.run()
  return {
    ...coordinator.result(),
    transferId: move.id,
    address: plan.address,
    addresses: plan.addresses,
    from: plan.from,
    to: plan.to,
    durationMs: performance.now() - began,
    quarantine: quarantineDirectory(source, move.id),
    warnings: plan.warnings,
  }
}

class Coordinator {
  readonly #move: Move
  readonly #facts: UserStoreFacts
  readonly #options: TransferOptions
  #storeId = ''
  #epoch = 0
  #frozenAt: number | undefined
  #freezeMs = 0
  #images = 0
  #manifest: Manifest | undefined

  constructor(move: Move, facts: UserStoreFacts, options: TransferOptions) {
    this.#move = move
    this.#facts = facts
    this.#options = options
  }

  async run(): Promise<void> {
    try {
      await this.#plan()
      await takeStep(this.#move, 'reserve', () => this.#reserve())
      await this.#copyAndCommit(await takeStep(this.#move, 'stage', () => stage(this.#move)))
    } catch (error) {
      await this.#rollBack(error)
    }
    await this.#finish()
  }

  result() {
    const contents = this.#manifest
    return {
      storeId: this.#storeId,
      epoch: this.#epoch + 1,
      bytes: this.#facts.fileBytes + (contents?.database.bytes ?? 0),
      files: contents?.files.length ?? 0,
      images: this.#images,
      freezeMs: this.#freezeMs,
    }
  }

  async #plan(): Promise<void> {
    const source = sourceOf(this.#move)
    const { directory, storepath, account, addresses } = this.#facts
    await takeStep(this.#move, 'plan', () => {
      using store = openCarried(directory)
      const { storeId, epoch } = ensureFence(store, siteIdOf(source))
      this.#storeId = storeId
      this.#epoch = epoch
      watch(this.#move, 'plan', 'within')
      insertTransfer(source, {
        ...this.#bothSides(),
        role: 'source',
        accountId: account.storeID,
        address: addresses[0] as Address,
        otherSiteId: siteIdOf(targetOf(this.#move)),
        state: 'PLANNED',
        plan: { storepath, addresses: addresses.map(formatAddress) },
      })
    })
  }

  #bothSides() {
    return {
      id: this.#move.id,
      storeId: this.#storeId,
      fromPath: sourceOf(this.#move).directory,
      toPath: targetOf(this.#move).directory,
      fromEpoch: this.#epoch,
      toEpoch: this.#epoch + 1,
    }
  }

  #reserve(): void {
    const otherSiteId = siteIdOf(sourceOf(this.#move))
    reserveArrival(targetOf(this.#move), { ...this.#bothSides(), addresses: this.#facts.addresses, otherSiteId })
  }

  async #copyAndCommit(staging: string): Promise<void> {
    const move = this.#move
    const { directory, address } = this.#facts
    const { verify, onBytes, signal } = this.#options
    using copy = new LiveCopy(directory, staging, { named: address, verify, onBytes, signal })
    await takeStep(move, 'copy', async () => {
      advanceTransfer(sourceOf(move), move.id, { from: 'PLANNED', to: 'COPYING' })
      watch(move, 'copy', 'within')
      await copy.copy()
    })
    this.#goOn()
    const sealed = await takeStep(move, 'seal', () => {
      this.#frozenAt = performance.now()
      return seal(move, copy.original)
    })
    await takeStep(move, 'verify', () => this.#verify(copy, sealed))
    await takeStep(move, 'prepare', () => prepare(move, sealed))
    this.#images = copy.images
    await copy.assertUntouched()
    if (!this.#options.assumeStopped) assertNoForeignWriter(sourceOf(move).directory, directory)
    this.#goOn()
    await takeStep(move, 'commit', () => {
      if (!commit(move, sealed.revision)) throw new TransferRolledBackError(move.id, address, 'somebody has aborted it')
    })
  }

  async #verify(copy: LiveCopy, sealed: Seal): Promise<void> {
    await copy.settle()
    watch(this.#move, 'verify', 'within')
    this.#manifest = manifestOf({
      contents: copy.contents(),
      record: sealed.record,
      endowments: sealed.endowments,
      fence: { storeId: this.#storeId, epoch: this.#epoch, siteId: siteIdOf(sourceOf(this.#move)) },
      address: this.#facts.address,
      removed: true,
    })
    noteVerified(this.#move, createHash('sha256').update(writeManifest(this.#manifest)).digest('hex'))
  }

  /** Between steps: stops where the caller wants to, and shows that the move makes progress. */
  #goOn(): void {
    this.#options.signal?.throwIfAborted()
    beat(this.#move)
  }

  /** Undoes the move, unless it turns out to be committed: then there is nothing to undo. */
  async #rollBack(cause: unknown): Promise<void> {
    const { id } = this.#move
    try {
      if (abort(this.#move, textOf(cause)) === 'commit') return
      await settle(this.#move, { source: true, target: true }, { onThawed: () => this.#thaw() })
    } catch (error) {
      if (this.#storeId === '' || isNotPlanned(error)) throw cause
      throw new TransferPendingError(id, `it failed (${textOf(cause)}) and could not be undone yet`, error)
    }
    if (cause instanceof MantissaError) throw cause
    throw new TransferRolledBackError(id, this.#facts.address, cause)
  }

  async #finish(): Promise<void> {
    const { id } = this.#move
    try {
      const settled = await settle(this.#move, { source: true, target: true }, { onThawed: () => this.#thaw() })
      if (settled === 'finished') return
    } catch (error) {
      throw new TransferPendingError(id, textOf(error), error)
    }
    throw new TransferPendingError(id, 'the other site cannot be reached')
  }

  #thaw(): void {
    if (this.#frozenAt !== undefined) this.#freezeMs = performance.now() - this.#frozenAt
  }
}

/** The journal never heard of the move: nothing has to be undone. */
function isNotPlanned(error: unknown): boolean {
  return error instanceof MantissaError && error.code === 'NO_SUCH_TRANSFER'
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
