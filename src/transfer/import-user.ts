/**
 * Taking a user in from an archive, a stream, or a directory that a store was extracted to.
 *
 * An import is a move without a source: names are reserved, the store is put together and verified in the site's
 * `temp/`, gets a fence that refuses writes, is renamed into place, and becomes reachable in one site transaction. A
 * crash before the copy is prepared leaves nothing; a later one is completed by the next opening.
 *
 * Whose store is it? An archive made with `--remove` carries the identity of the store along. Any other is a copy, and
 * gets a new store id, unless the caller says that it replaces a lost original. Every import raises the epoch above
 * all that this site knows of the store.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type AccountRecord, addressesOf, type MethodRecord } from '../accounts/account-record.js'
import { accountOfUserStore, readAccountRecord } from '../accounts/account-rows.js'
import { assertNamesFree } from '../accounts/address-free.js'
import { getLoginSystem } from '../accounts/login-system.js'
import { type Address, formatAddress, parseAddress } from '../base/address.js'
import { MantissaError } from '../base/errors.js'
import { newUlid, newUuid } from '../base/ids.js'
import type { Site } from '../site/site.js'
import { findTransfer } from '../site/transfers-journal.js'
import { type Fence, readFence } from '../store-engine/write-fence.js'
import { readArchive, readArchiveManifest } from './archive-reader.js'
import { assertPlainSchema, assertSound, differenceOfRows } from './database-check.js'
import { listTree } from './file-tree.js'
import { LiveCopy } from './live-copy.js'
import { contentBytes, type Manifest, type ManifestEndowment } from './manifest.js'
import { type Move, takeStep, UNOBSERVED } from './move.js'
import { lockMove } from './move-lock.js'
import { openCarried } from './open-carried.js'
import { assertOneFileSystem, stagingDirectory } from './places.js'
import { assertSpace } from './plan-transfer.js'
import type { StepObserver } from './protocol.js'
import { settle } from './settle.js'
import { contentFacts } from './staged-image.js'
import { knownEpoch, refuseActiveStore } from './store-history.js'
import { discard, noteVerified, prepare, reserveArrival, stage } from './target-steps.js'
import {
  MalformedArchiveError,
  TransferPendingError,
  TransferRolledBackError,
  VerificationError,
} from './transfer-errors.js'

export type ImportSource =
  | { readonly kind: 'archive'; readonly input: Readable }
  | { readonly kind: 'directory'; readonly directory: string }

export interface ImportOptions {
  /** The import replaces a lost original: it keeps the store's identity. */
  readonly restore?: boolean | undefined
  /** Another name for the user; the copy then has this address only. */
  readonly as?: Address | undefined
  /** Names that have moved away from this site may be taken. */
  readonly reuseNames?: boolean | undefined
  readonly verify?: 'quick' | 'full' | undefined
  readonly observe?: StepObserver | undefined
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ImportResult {
  readonly transferId: string
  readonly address: string
  readonly addresses: readonly string[]
  readonly storeId: string
  readonly epoch: number
  /** Whether it is the same store as the one that was exported, or a copy of it. */
  readonly identity: 'kept' | 'new'
  readonly bytes: number
  readonly files: number
  readonly disabled: boolean
}

/** What is known of the arriving user before anything is written. */
interface Announced {
  readonly addresses: readonly Address[]
  readonly storeId: string | null
  readonly epoch: number
  /** Whether the user left the other site with it. */
  readonly removed: boolean
  readonly bytes: number
}

/**
 * Imports a user. Afterwards the account exists with all its login methods, and its store is active. On failure the
 * site is as it was.
 *
 * @throws MalformedArchiveError, TruncatedArchiveError, UnsafeArchiveEntryError, ArchiveTooNewError,
 *   VerificationError, UnfitDatabaseError, AddressTakenError, NoLoginSystemError, UnavailableError.
 */
export async function importUser(site: Site, from: ImportSource, options: ImportOptions = {}): Promise<ImportResult> {
  getLoginSystem(site.store)
  assertOneFileSystem(site)
  const move: Move = { id: newUlid(), source: undefined, target: site, observe: options.observe ?? UNOBSERVED }
  using lock = lockMove(move)
  if (lock === undefined) throw new TransferPendingError(move.id, 'its lock is held')
  const arrival = new ArrivingUser(site, move, options)
  try {
    if (from.kind === 'archive') await arrival.unpack(from.input)
    else await arrival.copy(from.directory)
    await arrival.prepare()
    await settle(move, { source: false, target: true })
  } catch (error) {
    await arrival.giveUp(error)
  }
  return arrival.result()
}

/** What an import would do. */
export interface ImportPlan {
  readonly address: string
  readonly addresses: readonly string[]
  readonly bytes: number
  readonly identity: 'kept' | 'new'
}

/** Reads what is announced, and holds it against the site; of an archive only the beginning. Changes nothing. */
export async function planImport(site: Site, from: ImportSource, options: ImportOptions = {}): Promise<ImportPlan> {
  getLoginSystem(site.store)
  assertOneFileSystem(site)
  const announced =
    from.kind === 'archive'
      ? announcedBy(await readArchiveManifest(from.input), options)
      : await announcedByDirectory(from.directory, options)
  const { addresses, storeId, bytes } = announced
  const keeps = keepsIdentity(announced, options)
  assertNamesFree(site, addresses, {
    reuseNames: options.reuseNames ?? false,
    ...(keeps && storeId !== null ? { returningStoreId: storeId } : {}),
  })
  if (keeps && storeId !== null && site.hasAdminTables) refuseActiveStore(site, storeId)
  assertSpace(site.directory, bytes * 1.2)
  const names = addresses.map(formatAddress)
  return { address: names[0] ?? '', addresses: names, bytes, identity: keeps ? 'kept' : 'new' }
}

/** Whether the imported store is the one that was exported, and not a copy of it. */
function keepsIdentity({ removed, storeId }: Announced, options: ImportOptions): boolean {
  return storeId !== null && options.as === undefined && (removed || (options.restore ?? false))
}

class ArrivingUser {
  readonly #site: Site
  readonly #move: Move
  readonly #options: ImportOptions
  readonly #staging: string
  #storeId = ''
  #epoch = 0
  #identity: 'kept' | 'new' = 'new'
  #record: AccountRecord | undefined
  #endowments: readonly ManifestEndowment[] = []
  #bytes = 0
  #files = 0

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
      await assertSound(join(this.#staging, 'db.sqlite'), manifest.address, this.#options.verify)
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
    await takeStep(this.#move, 'verify', () => {
      this.#record = this.#readStaged(directory)
      noteVerified(this.#move, copy.contents().database.sha256)
    })
  }

  /** Reserves the names and makes the staging directory. */
  async #begin(announced: Announced): Promise<void> {
    const { id } = this.#move
    const keeps = keepsIdentity(announced, this.#options)
    this.#identity = keeps ? 'kept' : 'new'
    this.#storeId = keeps ? (announced.storeId as string) : newUuid()
    if (keeps) refuseActiveStore(this.#site, this.#storeId)
    this.#epoch = Math.max(announced.epoch, keeps ? knownEpoch(this.#site, this.#storeId) : 0) + 1
    this.#bytes = announced.bytes
    assertSpace(this.#site.directory, announced.bytes * 1.2)
    await takeStep(this.#move, 'reserve', () =>
      reserveArrival(this.#site, {
        id,
        storeId: this.#storeId,
        addresses: announced.addresses,
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

  /** What the store says of its user, held against what was announced. */
  #readStaged(named: string, manifest?: Manifest): AccountRecord {
    using store = openCarried(this.#staging)
    assertPlainSchema(store, named)
    const record = readAccountRecord(store, accountOfUserStore(store))
    if (manifest !== undefined) compareWithManifest(contentFacts(store), record, manifest)
    return this.#options.as === undefined ? record : renamed(record, this.#options.as)
  }

  async prepare(): Promise<void> {
    const record = this.#record
    if (record === undefined) throw new TypeError('nothing has arrived')
    await takeStep(this.#move, 'prepare', () => prepare(this.#move, { record, endowments: this.#endowments }))
  }

  /** Takes everything back, unless the user has been admitted already. */
  async giveUp(cause: unknown): Promise<never> {
    const { id } = this.#move
    const state = findTransfer(this.#site, id)?.state
    if (state === undefined || state === 'DISCARDED') throw cause
    if (state === 'ACTIVE' || state === 'CONFIRMED' || state === 'CLOSED')
      throw new TransferPendingError(id, cause instanceof Error ? cause.message : String(cause), cause)
    await takeStep(this.#move, 'discard', () => discard(this.#move))
    throw cause instanceof MantissaError ? cause : new TransferRolledBackError(id, 'the import', cause)
  }

  result(): ImportResult {
    const record = this.#record as AccountRecord
    const addresses = addressesOf(record).map(formatAddress)
    return {
      transferId: this.#move.id,
      address: addresses[0] ?? '',
      addresses,
      storeId: this.#storeId,
      epoch: this.#epoch,
      identity: this.#identity,
      bytes: this.#bytes,
      files: this.#files,
      disabled: record.disabled,
    }
  }
}

function announcedBy(manifest: Manifest, options: ImportOptions): Announced {
  const { storeId, epoch, removed } = manifest
  return { addresses: namesOf(manifest.methods, options), storeId, epoch, removed, bytes: contentBytes(manifest) }
}

async function announcedByDirectory(directory: string, options: ImportOptions): Promise<Announced> {
  const tree = await listTree(join(directory, 'files'))
  using store = openCarried(directory, { readonly: true })
  assertPlainSchema(store, directory)
  const fence = readFence(store)
  refuseFence(directory, fence, options)
  const { methods } = readAccountRecord(store, accountOfUserStore(store))
  const pages = store.sql.value<number>('PRAGMA page_count') ?? 0
  const pageSize = store.sql.value<number>('PRAGMA page_size') ?? 0
  return {
    addresses: namesOf(methods, options),
    storeId: fence?.storeId ?? null,
    epoch: fence?.epoch ?? 0,
    removed: fence?.owner === '',
    bytes: tree.reduce((sum, entry) => sum + entry.bytes, pages * pageSize),
  }
}

/** A store in the middle of a move, or one that was moved away, has an owner elsewhere. */
function refuseFence(directory: string, fence: Fence | null, { restore }: ImportOptions): void {
  if (fence === null || fence.state === 'active' || fence.owner === '') return
  if (fence.state === 'sealed' && fence.transferId !== null && !isOriginal(directory)) return
  if (restore) return
  throw new MalformedArchiveError(`${directory} is ${fence.state}: its store was moved, or is being moved`, {
    directory,
    state: fence.state,
  })
}

/** A store that lies in a site's `files/account` or `temp` is the site's own. */
function isOriginal(directory: string): boolean {
  return existsSync(join(directory, '../../../../db.sqlite')) || existsSync(join(directory, '../../db.sqlite'))
}

/** The names that the user will have; each must be one that can be created here. */
function namesOf(
  methods: readonly Pick<MethodRecord, 'localpart' | 'domain'>[],
  { as }: ImportOptions,
): readonly Address[] {
  if (as !== undefined) return [as]
  const names = methods.map(({ localpart, domain }) => ({ localpart, domain }))
  if (names.length === 0 || names.some(({ domain }) => domain === null)) {
    throw new MalformedArchiveError('it holds no user: no address, or the name of an application store', {
      names: names.map(formatAddress),
    })
  }
  for (const name of names) parseAddress(formatAddress(name))
  return addressesOf({ passwordHash: null, disabled: false, methods: methods as readonly MethodRecord[] })
}

function renamed(record: AccountRecord, { localpart, domain }: Address): AccountRecord {
  const [first] = record.methods
  const model = first ?? { protocol: 'email', internal: true, verified: true }
  const { protocol, internal, verified } = model
  return { ...record, methods: [{ localpart, domain, protocol, internal, verified }] }
}

function compareWithManifest(facts: ReturnType<typeof contentFacts>, record: AccountRecord, manifest: Manifest): void {
  const difference = differenceOfRows(manifest.database.rows, facts.rows)
  if (difference !== undefined) throw new VerificationError(`the database is not what the manifest says: ${difference}`)
  if (facts.schemaSha256 !== manifest.database.schemaSha256)
    throw new VerificationError('the schema of the database is not what the manifest says')
  const names = (methods: readonly Pick<MethodRecord, 'localpart' | 'domain'>[]) =>
    methods.map(formatAddress).sort().join(' ')
  if (names(record.methods) !== names(manifest.methods))
    throw new VerificationError('the login methods in the database are not those of the manifest')
}
