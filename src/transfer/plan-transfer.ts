import { statfsSync } from 'node:fs'
import { assertNamesFree } from '../accounts/address-free.js'
import { AddressNotFreeError } from '../accounts/errors.js'
import { getLoginSystem } from '../accounts/login-system.js'
import { formatAddress } from '../base/address.js'
import { formatSize } from '../base/duration-size.js'
import { MantissaError, UnavailableError } from '../base/errors.js'
import { bringsRights } from '../offerings/administrator.js'
import type { ApplicationRecord } from '../offerings/application-record.js'
import { listEndowments } from '../offerings/endowments.js'
import { findInstalledOffering, getInstalledOfferingNames } from '../offerings/installed-offerings.js'
import { loadOffering } from '../offerings/load-offering.js'
// Registers the item types that record what somebody was endowed with.
import '../offerings/product-items.js'
import { openTransferForAccount } from '../site/account-fence.js'
import { assertNotACopy } from '../site/identity.js'
import type { Site } from '../site/site.js'
import { openTransferOf, TransferOpenError } from '../site/transfers-journal.js'
import { findItemClass } from '../store-engine/items/registry.js'
import { assertRoomFor } from './applications/arriving-application.js'
import { type ApplicationPlan, planApplication } from './applications/plan-application.js'
import type { ManifestItemType } from './archive/manifest.js'
import { refuseActiveStore } from './arriving/store-history.js'
import type { UserStoreFacts } from './copying/describe-store.js'
import { assertNoForeignWriter } from './copying/foreign-writers.js'
import { assertMayArrive, assertTwoSites } from './places.js'
import { TransferRefusedError } from './transfer-errors.js'

/** The copy, a second image where the user writes meanwhile, and what SQLite needs beside it. */
const SPACE_FACTOR = 2.2
/** A careful guess of how fast a database is compared with its image, and what each file and each move takes besides. */
const BYTES_PER_MS = 600_000
const FILES_PER_MS = 5
const SHORTEST_FREEZE_MS = 150
/** In a warning. */
const NAMES_SHOWN = 3

/** What a transfer is going to do; what `--dry-run` prints. */
export interface TransferPlan {
  readonly address: string
  readonly addresses: readonly string[]
  readonly from: string
  readonly to: string
  readonly storeId: string | null
  readonly databaseBytes: number
  readonly fileBytes: number
  readonly files: number
  /** What it means that the application store of an offering moves; null for a person's. */
  readonly application: ApplicationPlan | null
  /** An upper guess, for a user who writes while the copy is made. */
  readonly freezeMs: number
  /** Item types whose code is not installed at the target; their items travel untouched. */
  readonly unknownTypes: readonly string[]
  /** Offerings that the user has and the target has not installed. */
  readonly missingOfferings: readonly string[]
  readonly warnings: readonly string[]
}

export interface PlanOptions {
  /** Names that have moved away from the target may be taken there. */
  readonly reuseNames?: boolean | undefined
  readonly requireOfferings?: boolean | undefined
  readonly assumeStopped?: boolean | undefined
}

/**
 * Finds out whether a user can be moved, and what that means. Reserves nothing, so it may be out of date at once; the
 * steps check again.
 *
 * @throws whatever stands in the way, before anything was changed.
 */
export async function planTransfer(
  source: Site,
  target: Site,
  facts: UserStoreFacts,
  options: PlanOptions = {},
): Promise<TransferPlan> {
  assertMovable(source, target, facts, options.reuseNames)
  const application = await planApplication(source, target, facts)
  if (!options.assumeStopped) assertNoForeignWriter(source.directory, facts.directory)
  const bytes = facts.databaseBytes + facts.fileBytes
  assertSpace(target.directory, bytes * SPACE_FACTOR)
  const missingOfferings = missingOfferingsOf(source, target, facts)
  if (options.requireOfferings && missingOfferings.length > 0) throw offeringsMissing(target, facts, missingOfferings)
  const unknownTypes = await unknownTypesOf(target, facts)
  return {
    address: facts.address,
    addresses: facts.addresses.map(formatAddress),
    from: source.directory,
    to: target.directory,
    storeId: facts.storeId,
    databaseBytes: facts.databaseBytes,
    fileBytes: facts.fileBytes,
    files: facts.files,
    application,
    freezeMs: Math.round(SHORTEST_FREEZE_MS + facts.databaseBytes / BYTES_PER_MS + facts.files / FILES_PER_MS),
    unknownTypes,
    missingOfferings,
    warnings: [...(application?.warnings ?? []), ...warningsOf(facts, { unknownTypes, missingOfferings })],
  }
}

function assertMovable(source: Site, target: Site, facts: UserStoreFacts, reuseNames = false): void {
  assertTwoSites(source, target)
  assertNotACopy(source)
  assertNotACopy(target)
  const open = openTransferForAccount(source, facts.account.storeID)
  if (open !== undefined) throw new TransferOpenError(open)
  getLoginSystem(target.store)
  assertMayArrive(target)
  const { storeId, application } = facts
  if (application !== null) assertRoomFor(target, application)
  assertNamesFreeAt(target, facts, reuseNames)
  if (storeId !== null && target.hasAdminTables) refuseActiveStore(target, storeId)
  const arriving = storeId === null ? undefined : openTransferOf(target, storeId, 'target')
  if (arriving !== undefined) throw new TransferOpenError(arriving)
}

/** The refusal names the target, since the command that looks at the rival must be given there. */
function assertNamesFreeAt(
  target: Site,
  { storeId, addresses, application }: UserStoreFacts,
  reuseNames: boolean,
): void {
  try {
    assertNamesFree(target, addresses, { reuseNames, ...(storeId === null ? {} : { returningStoreId: storeId }) })
  } catch (error) {
    if (!(error instanceof AddressNotFreeError)) throw error
    const { code, details } = error
    throw new TransferRefusedError(`${error.message} (in ${target.directory})`, {
      code,
      hint:
        code === 'ADDRESS_MOVED'
          ? hintForMoved(application)
          : `look there first: mantissa --site ${target.directory} users`,
      details: { ...details, site: target.directory },
    })
  }
}

function hintForMoved(application: ApplicationRecord | null): string {
  return application === null
    ? 'add --reuse-name to give the name to this user, or take it away from them: mantissa login-method remove'
    : `add --reuse-name to give the name to this application store of ${application.offering}`
}

/** What may still be written on the file system of a directory. */
export function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return Number(bavail) * Number(bsize)
}

/** @throws UnavailableError (`NO_SPACE`) */
export function assertSpace(directory: string, needed: number): void {
  const free = freeBytes(directory)
  if (free >= needed) return
  throw new UnavailableError(`${directory} has ${formatSize(free)} free, ${formatSize(Math.ceil(needed))} are needed`, {
    code: 'NO_SPACE',
    hint: 'make room there and try again',
    details: { directory, free, needed: Math.ceil(needed) },
  })
}

/** Offerings that the source has noted for the user. */
function missingOfferingsOf(source: Site, target: Site, facts: UserStoreFacts): readonly string[] {
  const wanted = new Set(listEndowments(source, facts.account.storeID).map(({ offering }) => offering))
  return [...wanted].filter(offering => findInstalledOffering(target.store, offering) === undefined)
}

/** Item types that neither the toolkit nor an offering installed at the target knows. */
async function unknownTypesOf(target: Site, { itemTypes }: UserStoreFacts): Promise<readonly string[]> {
  const unknown = () => itemTypes.map(type => type.typeName).filter(name => findItemClass(name) === undefined)
  if (unknown().length === 0) return []
  for (const name of getInstalledOfferingNames(target.store)) await loadOffering(name, target).catch(asUnknown)
  return unknown()
}

/** An offering whose code cannot be loaded is one whose types are not known here. */
function asUnknown(error: unknown): void {
  if (!(error instanceof MantissaError)) throw error
}

function warningsOf(
  facts: UserStoreFacts,
  missing: Pick<TransferPlan, 'unknownTypes' | 'missingOfferings'>,
): readonly string[] {
  const warnings: string[] = []
  if (missing.missingOfferings.length > 0)
    warnings.push(`not installed at the target: ${missing.missingOfferings.join(', ')}`)
  if (missing.unknownTypes.length > 0)
    warnings.push(`item types without code, carried untouched: ${someOf(missing.unknownTypes)}`)
  warnings.push(...warningsOfRights(facts.itemTypes, facts.address))
  if (facts.writersWait) warnings.push('the store has a rollback journal: its writers wait while the image is taken')
  return warnings
}

/** Rights are items of the user's own store, so they travel; the site that takes it in withholds them. */
export function warningsOfRights(itemTypes: readonly ManifestItemType[], address: string): readonly string[] {
  return bringsRights(itemTypes)
    ? [`an administrator elsewhere, and none here until you say so: mantissa usermod ${address} --admin`]
    : []
}

/** The first few names, and how many more there are; the plan holds them all. */
function someOf(names: readonly string[]): string {
  const rest = names.length - NAMES_SHOWN
  return rest > 1 ? `${names.slice(0, NAMES_SHOWN).join(', ')} and ${rest} more` : names.join(', ')
}

function offeringsMissing(target: Site, facts: UserStoreFacts, missing: readonly string[]): TransferRefusedError {
  return new TransferRefusedError(`${facts.address} uses ${missing.join(', ')}, not installed at ${target.directory}`, {
    code: 'OFFERINGS_MISSING',
    hint: `mantissa --site ${target.directory} offering install ${missing[0]}`,
    details: { address: facts.address, missing },
  })
}
