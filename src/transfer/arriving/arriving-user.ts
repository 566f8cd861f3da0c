import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type AccountRecord, addressesOf } from '../../accounts/account-record.js'
import { accountOfUserStore, readAccountRecord } from '../../accounts/account-rows.js'
import { type Address, formatAddress } from '../../base/address.js'
import { MantissaError } from '../../base/errors.js'
import { newUuid } from '../../base/ids.js'
import type { ApplicationRecord } from '../../offerings/application-record.js'
import { installedEndowments } from '../../offerings/installed-endowments.js'
import type { Site } from '../../site/site.js'
import { findTransfer } from '../../site/transfers-journal.js'
import { warningsOfApplication } from '../applications/plan-application.js'
import { readArchive } from '../archive/archive-reader.js'
import type { Manifest, ManifestEndowment } from '../archive/manifest.js'
import { assertPlainSchema, assertSound, itemTypesOf } from '../copying/database-check.js'
import { LiveCopy } from '../copying/live-copy.js'
import { openCarried } from '../copying/open-carried.js'
import { stagingDirectory } from '../places.js'
import { assertSpace, warningsOfRights } from '../plan-transfer.js'
import { type Move, takeStep } from '../protocol/move.js'
import { textOf } from '../protocol/undo.js'
import { refusedCall } from '../refused-call.js'
import { discard } from '../steps/discard-arrival.js'
import { noteVerified, prepare, reserveArrival, stage } from '../steps/target-steps.js'
import { TransferPendingError, TransferRolledBackError } from '../transfer-errors.js'
import {
  type Announced,
  announcedBy,
  announcedByDirectory,
  inNormalForm,
  isCopy,
  keepsIdentity,
  refuseReturn,
  refuseSite,
} from './announced-user.js'
import { compareWithManifest } from './compare-with-manifest.js'
import type { ImportOptions, ImportResult } from './import-options.js'
import { knownEpoch, knownIncarnation } from './store-history.js'
import { removeUnsent, warningsOfUnsent } from './unsent-messages.js'

/** One import, from its first byte to the prepared copy. */
export class ArrivingUser {
  readonly #site: Site
  readonly #move: Move
  readonly #options: ImportOptions
  readonly #staging: string
  #storeId = ''
  #epoch = 0
  #incarnation = 0
  #identity: 'kept' | 'new' = 'new'
  #isCopy = false
  #leftOut: readonly Address[] = []
  #record: AccountRecord | undefined
  #application: ApplicationRecord | null = null
  #endowments: readonly ManifestEndowment[] = []
  #bytes = 0
  #files = 0
  #warnings: readonly string[] = []

  constructor(site: Site, move: Move, options: ImportOptions) {
    this.#site = site
    this.#move = move
    this.#options = options
    this.#staging = stagingDirectory(site, move.id)
  }

  async unpack(input: Readable): Promise<void> {
    const { onBytes, signal } = this.#options
    const manifest = await readArchive(input, this.#staging, {
      onBytes,
      signal,
      onManifest: async announced => this.#begin(announcedBy(announced, this.#options)),
    })
    this.#endowments = manifest.endowments
    this.#files = manifest.files.length
    await takeStep(this.#move, 'verify', async () => {
      this.#assertPlain(manifest.address)
      await assertSound(join(this.#staging, 'db.sqlite'), manifest.address, this.#options.verify)
      signal?.throwIfAborted()
      this.#record = this.#readStaged(manifest.address, manifest)
      noteVerified(this.#move, manifest.database.sha256)
    })
  }

  async copy(directory: string): Promise<void> {
    const { verify, onBytes, signal } = this.#options
    const announced = await announcedByDirectory(directory, this.#options)
    await this.#begin(announced)
    using copy = new LiveCopy(directory, this.#staging, { named: directory, readonly: true, verify, onBytes, signal })
    await copy.copy()
    await copy.chase()
    this.#files = copy.contents().files.length
    await takeStep(this.#move, 'verify', async () => {
      this.#record = this.#readStaged(directory)
      this.#endowments = await this.#readEndowments()
      noteVerified(this.#move, copy.contents().database.sha256)
    })
  }

  /** Reserves the names and makes the staging directory. */
  async #begin(announced: Announced): Promise<void> {
    const { id } = this.#move
    await this.#welcome(announced)
    const keeps = keepsIdentity(announced, this.#options)
    this.#identity = keeps ? 'kept' : 'new'
    this.#storeId = keeps ? (announced.storeId as string) : newUuid()
    if (keeps) refuseReturn(this.#site, announced, this.#options)
    this.#isCopy = isCopy(announced, this.#options)
    this.#leftOut = announced.leftOut
    this.#raiseNumbers(announced)
    this.#bytes = announced.bytes
    this.#options.onTotal?.(announced.bytes)
    assertSpace(this.#site.directory, announced.bytes * 1.2)
    await takeStep(this.#move, 'reserve', () =>
      reserveArrival(this.#site, {
        id,
        storeId: this.#storeId,
        addresses: announced.addresses,
        application: this.#application,
        otherSiteId: null,
        fromPath: null,
        toPath: this.#site.directory,
        fromEpoch: announced.epoch,
        toEpoch: this.#epoch,
        reuseNames: this.#options.reuseNames ?? false,
      }),
    )
    await takeStep(this.#move, 'stage', () => stage(this.#move))
  }

  /** Above whatever this site knows of the store; a copy is a new store, but for the number of its moves. */
  #raiseNumbers({ epoch, incarnation }: Announced): void {
    const keeps = this.#identity === 'kept'
    this.#epoch = Math.max(epoch, keeps ? knownEpoch(this.#site, this.#storeId) : 0) + 1
    this.#incarnation = keeps ? Math.max(incarnation, knownIncarnation(this.#site, this.#storeId)) + 1 : 0
  }

  /** That a store answers for the whole site is a right that no archive gives. */
  async #welcome({ application, itemTypes }: Announced): Promise<void> {
    if (application === null) return
    this.#warnings = await warningsOfApplication(this.#site, { application, itemTypes })
    this.#application = { ...application, powerups: [] }
  }

  /** First of all: the check of a database computes the expressions that it holds. */
  #assertPlain(named: string): void {
    using store = openCarried(this.#staging, { readonly: true })
    assertPlainSchema(store, named)
  }

  /** What the store says of its user, held against what was announced. */
  #readStaged(named: string, manifest?: Manifest): AccountRecord {
    using store = openCarried(this.#staging)
    assertPlainSchema(store, named)
    const itemTypes = itemTypesOf(store)
    refuseSite(itemTypes, named)
    const unsent = this.#isCopy ? warningsOfUnsent(itemTypes) : []
    const record = readAccountRecord(store, accountOfUserStore(store))
    const called = formatAddress(this.#options.as ?? record.methods[0] ?? { localpart: named, domain: null })
    this.#warnings = [...this.#warnings, ...warningsOfRights(itemTypes, called), ...unsent]
    if (manifest !== undefined) compareWithManifest(store, record, manifest)
    if (this.#isCopy) removeUnsent(store)
    if (this.#options.as !== undefined) return renamed(record, this.#options.as)
    return { ...record, methods: record.methods.map(inNormalForm) }
  }

  /** A directory has no manifest; its installations tell. */
  async #readEndowments(): Promise<readonly ManifestEndowment[]> {
    using store = openCarried(this.#staging, { readonly: true })
    return await installedEndowments(store, this.#site)
  }

  async prepare(): Promise<void> {
    const record = this.#record
    if (record === undefined) throw new TypeError('nothing has arrived')
    const [application, endowments, incarnation] = [this.#application, this.#endowments, this.#incarnation]
    const belongings = { record, application, endowments, incarnation }
    await takeStep(this.#move, 'prepare', () => prepare(this.#move, belongings))
  }

  /** Takes everything back, unless the user has been admitted already. */
  async giveUp(error: unknown): Promise<never> {
    const cause = refusedCall(error, this.#site.directory)
    const { id } = this.#move
    const state = findTransfer(this.#site, id)?.state
    if (state === undefined || state === 'DISCARDED') throw cause
    if (state === 'ACTIVE' || state === 'CONFIRMED' || state === 'CLOSED')
      throw new TransferPendingError(id, textOf(cause), cause)
    await this.#takeBack(cause)
    throw cause instanceof MantissaError ? cause : new TransferRolledBackError(id, 'the import', cause)
  }

  /** What cannot be taken back now is in doubt: whoever ends it later completes an arrival that was prepared. */
  async #takeBack(cause: unknown): Promise<void> {
    try {
      await takeStep(this.#move, 'discard', () => discard(this.#move))
    } catch (error) {
      const reason = `it failed (${textOf(cause)}) and could not be undone yet`
      throw new TransferPendingError(this.#move.id, reason, error)
    }
  }

  result(): ImportResult {
    const record = this.#record as AccountRecord
    const addresses = addressesOf(record).map(formatAddress)
    return {
      transferId: this.#move.id,
      address: addresses[0] ?? '',
      addresses,
      leftOut: this.#leftOut.map(formatAddress),
      offering: this.#application?.offering ?? null,
      storeId: this.#storeId,
      epoch: this.#epoch,
      incarnation: this.#incarnation,
      identity: this.#identity,
      bytes: this.#bytes,
      files: this.#files,
      disabled: record.disabled,
      warnings: this.#warnings,
    }
  }
}

function renamed(record: AccountRecord, { localpart, domain }: Address): AccountRecord {
  const [first] = record.methods
  const model = first ?? { protocol: 'email', internal: true, verified: true }
  const { protocol, internal, verified } = model
  return { ...record, methods: [{ localpart, domain, protocol, internal, verified }] }
}
