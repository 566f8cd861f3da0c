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
import { mkdirSync } from 'node:fs'
import { type AccountRecord, addressesOf } from '../../accounts/account-record.js'
import { readAccountRecord } from '../../accounts/account-rows.js'
import { type Address, formatAddress } from '../../base/address.js'
import { removeIfPossible } from '../../base/atomic-file.js'
import { newUlid, newUuid } from '../../base/ids.js'
import { type ApplicationRecord, readApplicationRecord } from '../../offerings/application-record.js'
import { type Endowment, listEndowments } from '../../offerings/endowments.js'
import type { Site } from '../../site/site.js'
import { readFence } from '../../store-engine/database/write-fence.js'
import { contentBytes, type Manifest } from '../archive/manifest.js'
import { manifestOf } from '../archive/manifest-of.js'
import { describeUserStore } from '../copying/describe-store.js'
import { LiveCopy } from '../copying/live-copy.js'
import { finishStagedImage } from '../copying/staged-image.js'
import { siteIdOf } from '../places.js'
import { Heartbeat } from '../protocol/heartbeat.js'
import { UNOBSERVED } from '../protocol/move.js'
import { lockMove } from '../protocol/move-lock.js'
import { refusedCall } from '../refused-call.js'
import { TransferPendingError } from '../transfer-errors.js'
import { noteUnfinished, removeAbandonedExports } from './abandoned-exports.js'
import { deliver, deliveryFor, pathOf, stagingOf } from './deliver-export.js'
import type { ExportJob, ExportOptions, ExportResult } from './export-options.js'
import { assertExportable, warningsOfExport } from './plan-export.js'
import { publish, withdraw } from './publish-export.js'
import { type Removal, removeWith } from './remove-exported.js'

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
  removeAbandonedExports(site)
  using lock = lockMove({ id, source: site, target: undefined, observe: UNOBSERVED })
  if (lock === undefined) throw new TransferPendingError(id, 'its lock is held')
  const job: ExportJob = { site, facts, options, staging: stagingOf(site, options.to, id), id }
  const partial = deliveryFor(job)?.partial
  using _note = partial === undefined ? undefined : noteUnfinished(site, id, partial)
  try {
    mkdirSync(job.staging, { mode: 0o700 })
    return options.remove ? await exportAndRemove(job) : await exportCopy(job)
  } catch (error) {
    // What is decided and not finished still needs what was written; the next opening of the site publishes it.
    if (!(error instanceof TransferPendingError)) removeWritten(job)
    throw refusedCall(error, partial)
  } finally {
    if (options.to.kind !== 'directory') removeIfPossible(job.staging)
  }
}

function removeWritten(job: ExportJob): void {
  const delivery = deliveryFor(job)
  if (delivery !== undefined) withdraw(delivery)
}

/** What the site holds for the user, and whose the copy is. */
interface Label {
  readonly record: AccountRecord
  readonly application: ApplicationRecord | null
  readonly endowments: readonly Endowment[]
  readonly storeId: string
  readonly epoch: number
  readonly incarnation: number
}

async function exportCopy(job: ExportJob): Promise<ExportResult> {
  const { site, facts, options, staging } = job
  using copy = new LiveCopy(facts.directory, staging, { named: facts.address, readonly: true, ...options })
  await copy.copy()
  const isOneMoment = await copy.chase()
  const { storeId, epoch, incarnation } = readFence(copy.original) ?? { storeId: newUuid(), epoch: 0, incarnation: 0 }
  const label = site.store.snapshot(() => ({
    record: readAccountRecord(site, facts.account),
    application: readApplicationRecord(site.store, facts.account),
    endowments: listEndowments(site, facts.account.storeID),
    storeId,
    epoch,
    incarnation,
  }))
  const manifest = await labelCopy(job, copy, label)
  await deliver(job, manifest, async () => {})
  const delivery = deliveryFor(job)
  if (delivery !== undefined) publish(delivery)
  const warnings = isOneMoment ? [] : ['the user wrote all the while: files may be newer than the database']
  return { ...resultOf(job, manifest), transferId: null, quarantine: null, freezeMs: 0, warnings }
}

async function exportAndRemove(job: ExportJob): Promise<ExportResult> {
  const { site, facts, staging, id } = job
  using heartbeat = new Heartbeat(site, id, facts.databaseBytes)
  const options = { ...job.options, onBytes: heartbeat.counting(job.options.onBytes) }
  const warnings = [...warningsOfExport(site, facts, options)]
  let manifest: Manifest | undefined
  const removal: Removal = { site, facts, options, staging, id, delivery: deliveryFor(job), heartbeat }
  const { completedByOthers, ...removed } = await removeWith(removal, async (copy, label, decide) => {
    manifest = await labelCopy(job, copy, label)
    await deliver({ ...job, options }, manifest, decide)
  })
  if (manifest === undefined) throw new TypeError('removed without an export')
  if (completedByOthers) warnings.push('this process stood still, and another has completed its export')
  return { ...resultOf(job, manifest), ...removed, transferId: id, warnings }
}

/** Gives the staged copy login rows and a fence, and describes it. Without an owner it carries the identity along. */
async function labelCopy(
  { site, facts, options, staging, id }: ExportJob,
  copy: LiveCopy,
  label: Label,
): Promise<Manifest> {
  const siteId = siteIdOf(site)
  const { record, application, endowments, storeId, epoch, incarnation } = label
  const removed = options.remove ?? false
  const database = await finishStagedImage(staging, record, {
    storeId,
    epoch,
    owner: removed ? '' : siteId,
    state: 'sealed',
    transferId: id,
    incarnation,
  })
  return manifestOf({
    contents: { ...copy.contents(), ...database },
    record,
    application,
    endowments,
    fence: { storeId, epoch, incarnation, siteId: siteId === '' ? null : siteId },
    address: facts.address,
    removed,
  })
}

function resultOf({ facts, options }: ExportJob, manifest: Manifest) {
  return {
    address: facts.address,
    addresses: addressesOf(facts.record).map(formatAddress),
    offering: facts.application?.offering ?? null,
    path: pathOf(options.to, facts.address),
    format: options.to.kind === 'directory' ? ('directory' as const) : ('archive' as const),
    storeId: manifest.storeId,
    epoch: manifest.epoch,
    bytes: contentBytes(manifest),
    files: manifest.files.length,
    removed: manifest.removed,
  }
}
