/**
 * Writing a user to an archive, a stream, or a directory such as `axiomatic extract-user` makes.
 *
 * The store is imaged and its files are copied aside first, so that sizes and hashes are known before the first byte
 * is written, while the user works on; then the copy gets the site's login rows, which are authoritative, and a fence
 * that is `sealed`, so that nobody writes it before it was imported. A file appears under its name only when it is
 * complete and on the disk.
 *
 * The user stays. With `remove` they leave: that is a move without a target, with the same seal, the same commit
 * point and the same journal; the old directory is kept in quarantine. Only then does the archive carry the identity
 * of the store; otherwise it is a copy, and importing it makes a second store.
 */
import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { type AccountRecord, addressesOf } from '../accounts/account-record.js'
import { readAccountRecord } from '../accounts/account-rows.js'
import { type Address, formatAddress } from '../base/address.js'
import { fsyncPath } from '../base/atomic-file.js'
import { ConflictError, NotFoundError } from '../base/errors.js'
import { newUlid, newUuid } from '../base/ids.js'
import { type Endowment, listEndowments } from '../offerings/endowments.js'
import { openTransferForAccount } from '../site/account-fence.js'
import { assertNotACopy } from '../site/identity.js'
import type { Site } from '../site/site.js'
import { TransferOpenError } from '../site/transfers-journal.js'
import { writeArchive } from './archive-writer.js'
import { describeUserStore, type UserStoreFacts } from './describe-store.js'
import { assertNoForeignWriter } from './foreign-writers.js'
import { LiveCopy } from './live-copy.js'
import { contentBytes, type Manifest } from './manifest.js'
import { manifestOf } from './manifest-of.js'
import { UNOBSERVED } from './move.js'
import { lockMove } from './move-lock.js'
import { siteIdOf } from './places.js'
import { assertSpace } from './plan-transfer.js'
import type { StepObserver } from './protocol.js'
import { removeWith } from './remove-exported.js'
import { finishStagedImage } from './staged-image.js'
import { completeStoreDirectory } from './target-steps.js'
import { TransferPendingError } from './transfer-errors.js'

/** Where an export goes. */
export type ExportDestination =
  | { readonly kind: 'archive'; readonly file: string }
  | { readonly kind: 'stream'; readonly output: Writable }
  /** `<directory>/<localpart>@<domain>.axiom` is made. */
  | { readonly kind: 'directory'; readonly directory: string }

export interface ExportOptions {
  readonly to: ExportDestination
  /** The user leaves the site with the export. */
  readonly remove?: boolean | undefined
  readonly assumeStopped?: boolean | undefined
  readonly verify?: 'quick' | 'full' | undefined
  readonly observe?: StepObserver | undefined
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ExportResult {
  readonly address: string
  readonly addresses: readonly string[]
  /** The file or directory that was made; null for a stream. */
  readonly path: string | null
  readonly format: 'archive' | 'directory'
  readonly storeId: string
  readonly epoch: number
  /** Before compression. */
  readonly bytes: number
  readonly files: number
  readonly removed: boolean
  readonly transferId: string | null
  /** Where the old directory is kept; null where the user stayed. */
  readonly quarantine: string | null
  readonly freezeMs: number
  readonly warnings: readonly string[]
}

/** What {@link exportUser} would do; changes nothing. */
export interface ExportPlan {
  readonly address: string
  readonly addresses: readonly string[]
  readonly path: string | null
  readonly format: 'archive' | 'directory'
  readonly databaseBytes: number
  readonly fileBytes: number
  readonly files: number
  readonly removed: boolean
}

export async function planExport(site: Site, address: Address, options: ExportOptions): Promise<ExportPlan> {
  const facts = await describeUserStore(site, address)
  assertExportable(site, facts, options)
  return {
    address: facts.address,
    addresses: facts.addresses.map(formatAddress),
    path: pathOf(options.to, facts.address),
    format: options.to.kind === 'directory' ? 'directory' : 'archive',
    databaseBytes: facts.databaseBytes,
    fileBytes: facts.fileBytes,
    files: facts.files,
    removed: options.remove ?? false,
  }
}

/**
 * Exports a user. Afterwards the destination is complete and on the disk; with `remove` the site knows the user no
 * longer. On failure there is no file under that name, and the user is where they were.
 *
 * @throws NoSuchUserError, ConflictError (`PATH_TAKEN`), UnfitDatabaseError, StoreInUseError, UnavailableError.
 */
export async function exportUser(site: Site, address: Address, options: ExportOptions): Promise<ExportResult> {
  const facts = await describeUserStore(site, address)
  assertExportable(site, facts, options)
  const id = newUlid()
  removeAbandonedStaging(site)
  using lock = lockMove({ id, source: site, target: undefined, observe: UNOBSERVED })
  if (lock === undefined) throw new TransferPendingError(id, 'its lock is held')
  const staging = stagingOf(site, options.to, id)
  mkdirSync(staging, { mode: 0o700 })
  try {
    const job: ExportJob = { site, facts, options, staging, id }
    return options.remove ? await exportAndRemove(job) : await exportCopy(job)
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

interface ExportJob {
  readonly site: Site
  readonly facts: UserStoreFacts
  readonly options: ExportOptions
  readonly staging: string
  readonly id: string
}

/** What the site holds for the user, and whose the copy is. */
interface Label {
  readonly record: AccountRecord
  readonly endowments: readonly Endowment[]
  readonly storeId: string
  readonly epoch: number
}

async function exportCopy(job: ExportJob): Promise<ExportResult> {
  const { site, facts, options, staging } = job
  using copy = new LiveCopy(facts.directory, staging, { named: facts.address, readonly: true, ...options })
  await copy.copy()
  const isOneMoment = await copy.chase()
  const label = site.store.snapshot(() => ({
    record: readAccountRecord(site, facts.account),
    endowments: listEndowments(site, facts.account.storeID),
    storeId: facts.storeId ?? newUuid(),
    epoch: facts.epoch,
  }))
  const manifest = await labelCopy(job, copy, label)
  await deliver(job, manifest)
  const warnings = isOneMoment ? [] : ['the user wrote all the while: files may be newer than the database']
  return { ...resultOf(job, manifest), transferId: null, quarantine: null, freezeMs: 0, warnings }
}

async function exportAndRemove(job: ExportJob): Promise<ExportResult> {
  const { site, facts, options, staging, id } = job
  let manifest: Manifest | undefined
  const removal = await removeWith({ site, facts, options, staging, id }, async (copy, label) => {
    manifest = await labelCopy(job, copy, label)
    await deliver(job, manifest)
    return () => undoDelivery(job)
  })
  if (manifest === undefined) throw new TypeError('removed without an export')
  return { ...resultOf(job, manifest), ...removal, transferId: id, warnings: [] }
}

/** Gives the staged copy login rows and a fence, and describes it. Without an owner it carries the identity along. */
async function labelCopy(
  { site, facts, options, staging, id }: ExportJob,
  copy: LiveCopy,
  label: Label,
): Promise<Manifest> {
  const siteId = siteIdOf(site)
  const { record, endowments, storeId, epoch } = label
  const removed = options.remove ?? false
  const database = await finishStagedImage(staging, record, {
    storeId,
    epoch,
    owner: removed ? '' : siteId,
    state: 'sealed',
    transferId: id,
  })
  return manifestOf({
    contents: { ...copy.contents(), ...database },
    record,
    endowments,
    fence: { storeId, epoch, siteId: siteId === '' ? null : siteId },
    address: facts.address,
    removed,
  })
}

async function deliver(job: ExportJob, manifest: Manifest): Promise<void> {
  const { options, staging, facts, id } = job
  const { to, onBytes, signal } = options
  if (to.kind === 'stream') return writeArchive(staging, manifest, to.output, { onBytes, signal })
  const path = pathOf(to, facts.address) as string
  if (to.kind === 'directory') {
    completeStoreDirectory(staging)
    fsyncPath(staging)
    assertAbsent(path)
    renameSync(staging, path)
  } else {
    const partial = join(dirname(path), `.${basename(path)}.${id}`)
    try {
      await writeArchive(staging, manifest, createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true }), {
        onBytes,
        signal,
      })
      assertAbsent(path)
      renameSync(partial, path)
    } finally {
      rmSync(partial, { force: true })
    }
  }
  fsyncPath(dirname(path))
}

/** An export whose user stayed after all must not be taken for one that carries the identity along. */
function undoDelivery({ options, facts }: ExportJob): void {
  const path = pathOf(options.to, facts.address)
  if (path !== null) rmSync(path, { recursive: true, force: true })
}

function resultOf({ facts, options }: ExportJob, manifest: Manifest) {
  return {
    address: facts.address,
    addresses: addressesOf(facts.record).map(formatAddress),
    path: pathOf(options.to, facts.address),
    format: options.to.kind === 'directory' ? ('directory' as const) : ('archive' as const),
    storeId: manifest.storeId,
    epoch: manifest.epoch,
    bytes: contentBytes(manifest),
    files: manifest.files.length,
    removed: manifest.removed,
  }
}

function assertExportable(site: Site, facts: UserStoreFacts, { to, remove, assumeStopped }: ExportOptions): void {
  const path = pathOf(to, facts.address)
  if (path !== null) {
    if (!existsSync(dirname(path)))
      throw new NotFoundError(`there is no directory ${dirname(path)}`, { hint: `mkdir -p ${dirname(path)}` })
    assertAbsent(path)
    assertSpace(dirname(path), facts.databaseBytes + facts.fileBytes)
  }
  if (to.kind !== 'directory') assertSpace(site.directory, (facts.databaseBytes + facts.fileBytes) * 1.1)
  if (!remove) return
  assertNotACopy(site)
  const open = openTransferForAccount(site, facts.account.storeID)
  if (open !== undefined) throw new TransferOpenError(open)
  if (!assumeStopped) assertNoForeignWriter(site.directory, facts.directory)
}

function pathOf(to: ExportDestination, address: string): string | null {
  if (to.kind === 'stream') return null
  return to.kind === 'archive' ? resolve(to.file) : join(resolve(to.directory), `${address.replaceAll('/', '_')}.axiom`)
}

/** What exports that were killed have left in `temp/`; those of living processes are locked. */
function removeAbandonedStaging(site: Site): void {
  const temporary = join(site.directory, 'temp')
  for (const name of existsSync(temporary) ? readdirSync(temporary) : []) {
    const [, id] = /^outgoing-([0-9A-Z]{26})$/.exec(name) ?? []
    if (id === undefined) continue
    using lock = lockMove({ id, source: site, target: undefined, observe: UNOBSERVED })
    if (lock !== undefined) rmSync(join(temporary, name), { recursive: true, force: true })
  }
}

/** A directory is renamed to its place, so it must be put together beside it. */
function stagingOf(site: Site, to: ExportDestination, id: string): string {
  if (to.kind === 'directory') return join(resolve(to.directory), `.export-${id}`)
  return join(site.directory, 'temp', `outgoing-${id}`)
}

function assertAbsent(path: string): void {
  if (!existsSync(path)) return
  throw new ConflictError(`${path} exists already`, {
    code: 'PATH_TAKEN',
    hint: 'name another one, or move that away first',
    details: { path },
  })
}
