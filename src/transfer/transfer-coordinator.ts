import { createHash } from 'node:crypto'
import { advanceTransfer, expectTransfer } from '../site/transfers-journal.js'
import { type Manifest, writeManifest } from './archive/manifest.js'
import { manifestOf } from './archive/manifest-of.js'
import type { UserStoreFacts } from './copying/describe-store.js'
import { assertNoForeignWriter } from './copying/foreign-writers.js'
import { LiveCopy } from './copying/live-copy.js'
import { siteIdOf } from './places.js'
import { type Move, sourceOf, takeStep, targetOf, watch } from './protocol/move.js'
import type { StepName } from './protocol/protocol.js'
import { settle } from './protocol/settle.js'
import { textOf, undo } from './protocol/undo.js'
import { refusedCall } from './refused-call.js'
import { planLeaving } from './steps/plan-leaving.js'
import { commit, type Seal, seal } from './steps/seal-and-decide.js'
import { noteVerified, prepare, reserveArrival, stage } from './steps/target-steps.js'
import { TransferPendingError, TransferRolledBackError } from './transfer-errors.js'
import type { TransferOptions } from './transfer-options.js'

const BOTH_SIDES = { source: true, target: true } as const

/** What only one process can do, after the decision. */
const COMPLETING: readonly StepName[] = ['hand-over', 'admit', 'probe', 'close']

/** Takes the steps of one move in their order, and knows between them what no journal holds. */
export class Coordinator {
  readonly #move: Move
  readonly #facts: UserStoreFacts
  readonly #options: TransferOptions
  #storeId = ''
  #epoch = 0
  #incarnation = 0
  #frozenAt: number | undefined
  #freezeMs = 0
  #images = 0
  readonly #taken = new Set<StepName>()
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
      const { address } = this.#facts
      const cause = refusedCall(error, targetOf(this.#move).directory)
      await undo(this.#move, BOTH_SIDES, { cause, address, onTaken: step => this.#noteTaken(step) })
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
      completedByOthers: !COMPLETING.every(step => this.#taken.has(step)),
    }
  }

  async #plan(): Promise<void> {
    const { directory: toPath } = targetOf(this.#move)
    const otherSiteId = siteIdOf(targetOf(this.#move))
    const { freezeLimitMs } = this.#options
    await takeStep(this.#move, 'plan', () => {
      const identity = planLeaving(this.#move, this.#facts, { otherSiteId, toPath, freezeLimitMs })
      this.#storeId = identity.storeId
      this.#epoch = identity.epoch
      this.#incarnation = identity.incarnation
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
    // The target cannot know that somebody has ended the move before it has heard of it.
    expectTransfer(sourceOf(this.#move), this.#move.id, ['PLANNED'])
    const otherSiteId = siteIdOf(sourceOf(this.#move))
    const { addresses, application } = this.#facts
    const { reuseNames = false } = this.#options
    reserveArrival(targetOf(this.#move), {
      ...this.#bothSides(),
      addresses,
      application,
      otherSiteId,
      reuseNames,
    })
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
    signal?.throwIfAborted()
    const sealed = await takeStep(move, 'seal', () => {
      this.#frozenAt = performance.now()
      return seal(move, copy.original)
    })
    await takeStep(move, 'verify', () => this.#verify(copy, sealed))
    await takeStep(move, 'prepare', () => prepare(move, sealed))
    this.#images = copy.images
    await copy.assertUntouched()
    if (!this.#options.assumeStopped) assertNoForeignWriter(sourceOf(move).directory, directory)
    signal?.throwIfAborted()
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
      application: sealed.application,
      endowments: sealed.endowments,
      fence: {
        storeId: this.#storeId,
        epoch: this.#epoch,
        incarnation: this.#incarnation,
        siteId: siteIdOf(sourceOf(this.#move)),
      },
      address: this.#facts.address,
      removed: true,
    })
    noteVerified(this.#move, createHash('sha256').update(writeManifest(this.#manifest)).digest('hex'))
  }

  async #finish(): Promise<void> {
    const { id } = this.#move
    try {
      const settled = await settle(this.#move, BOTH_SIDES, step => this.#noteTaken(step))
      if (settled === 'finished') return
    } catch (error) {
      throw new TransferPendingError(id, textOf(error), error)
    }
    throw new TransferPendingError(id, 'the other site cannot be reached')
  }

  #noteTaken(step: StepName): void {
    this.#taken.add(step)
    if (step === 'activate' && this.#frozenAt !== undefined) this.#freezeMs = performance.now() - this.#frozenAt
  }
}
