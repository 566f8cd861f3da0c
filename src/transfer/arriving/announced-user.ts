import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MethodRecord } from '../../accounts/account-record.js'
import { accountOfUserStore, readAccountRecord } from '../../accounts/account-rows.js'
import { LoginSystem } from '../../accounts/login-system.js'
import { type Address, foldCase, formatAddress, normalizeAddress, parseAddress } from '../../base/address.js'
import { type ApplicationRecord, newApplicationRecord } from '../../offerings/application-record.js'
import { OFFERING_NAME } from '../../offerings/offering.js'
import { addressKey } from '../../site/reservations.js'
import type { Site } from '../../site/site.js'
import { type Fence, readFence } from '../../store-engine/database/write-fence.js'
import { contentBytes, type Manifest, type ManifestItemType } from '../archive/manifest.js'
import { ArchiveRefusedError } from '../archive-faults.js'
import { assertPlainSchema, itemTypesOf } from '../copying/database-check.js'
import { listTree } from '../copying/file-tree.js'
import { openCarried } from '../copying/open-carried.js'
import { ApplicationRenamedError } from '../transfer-errors.js'
import type { ImportOptions } from './import-options.js'
import { refuseActiveStore, refuseOutdated } from './store-history.js'

/** More addresses than anybody has; each is held against every name of the site. */
const MOST_NAMES = 1000
/** Far beyond every number of moves, and far below the numbers that are no longer exact. */
const LARGEST_EPOCH = 2 ** 31

/** What is known of the arriving user before anything is written. */
export interface Announced {
  readonly addresses: readonly Address[]
  /** Addresses that stay with the original, where a copy gets another. */
  readonly leftOut: readonly Address[]
  /** What belongs to the application store of an offering; null for a person's. */
  readonly application: ApplicationRecord | null
  readonly storeId: string | null
  readonly epoch: number
  readonly incarnation: number
  /** Whether the user left the other site with it. */
  readonly removed: boolean
  readonly bytes: number
  readonly itemTypes: readonly ManifestItemType[]
}

/** Whether the imported store is the one that was exported, and not a copy of it. */
export function keepsIdentity({ removed, storeId }: Announced, options: ImportOptions): boolean {
  return storeId !== null && options.as === undefined && (removed || (options.restore ?? false))
}

/**
 * Whether another store lives on under the identity that the imported one had: the user stayed where they were, or a
 * name was given to a copy. A store without an identity was extracted by the original software, which leaves nothing.
 */
export function isCopy(announced: Announced, options: ImportOptions): boolean {
  return options.as !== undefined || (announced.storeId !== null && !keepsIdentity(announced, options))
}

/**
 * To be asked where the imported store keeps its identity.
 *
 * @throws TransferRefusedError (`STORE_IS_HERE`, `ARCHIVE_OUTDATED`)
 */
export function refuseReturn(site: Site, { storeId, epoch }: Announced, { restore }: ImportOptions): void {
  if (storeId === null || !site.hasAdminTables) return
  refuseActiveStore(site, storeId)
  if (!restore) refuseOutdated(site, storeId, epoch)
}

/** What a manifest announces. */
export function announcedBy(manifest: Manifest, options: ImportOptions): Announced {
  const { application, storeId, epoch, incarnation, removed, itemTypes } = manifest
  assertCredible(manifest)
  const names = namesOf(manifest.methods, options, application)
  return { ...names, application, storeId, epoch, incarnation, removed, bytes: contentBytes(manifest), itemTypes }
}

/** What a store directory announces; it is opened for reading only. */
export async function announcedByDirectory(directory: string, options: ImportOptions): Promise<Announced> {
  const tree = await listTree(join(directory, 'files'))
  using store = openCarried(directory, { readonly: true })
  assertPlainSchema(store, directory)
  const fence = readFence(store)
  if (fence !== null) assertCredible(fence)
  refuseFence(directory, fence, options)
  const itemTypes = itemTypesOf(store)
  refuseSite(itemTypes, directory)
  const { methods } = readAccountRecord(store, accountOfUserStore(store))
  const pages = store.sql.value<number>('PRAGMA page_count') ?? 0
  const pageSize = store.sql.value<number>('PRAGMA page_size') ?? 0
  const application = applicationNamedBy(methods)
  return {
    ...namesOf(methods, options, application),
    application,
    storeId: fence?.storeId ?? null,
    epoch: fence?.epoch ?? 0,
    incarnation: fence?.incarnation ?? 0,
    removed: fence?.owner === '',
    bytes: tree.reduce((sum, entry) => sum + entry.bytes, pages * pageSize),
    itemTypes,
  }
}

/**
 * A site of one account would pass for a user, and bring a login system and everybody's stores along.
 *
 * @throws ArchiveRefusedError (`STORE_IS_A_SITE`)
 */
export function refuseSite(itemTypes: readonly ManifestItemType[], named: string): void {
  if (itemTypes.some(({ typeName }) => typeName === LoginSystem.itemType.typeName))
    throw new ArchiveRefusedError('STORE_IS_A_SITE', `the store of ${named} is a site, and not a user's`)
}

/**
 * A store directory says nothing of the records of its site, so what an application store is called tells what it is, and
 * it gets what an installation would have given it.
 */
function applicationNamedBy(methods: readonly Name[]): ApplicationRecord | null {
  const name = methods.find(({ domain }) => domain === null)?.localpart
  return name !== undefined && OFFERING_NAME.test(name) ? newApplicationRecord(name) : null
}

/** A store in the middle of a move, or one that was moved away, has an owner elsewhere. */
function refuseFence(directory: string, fence: Fence | null, { restore }: ImportOptions): void {
  if (fence === null || fence.state === 'active' || fence.owner === '') return
  if (fence.state === 'sealed' && fence.transferId !== null && !isOriginal(directory)) return
  if (restore) return
  const message = `${directory} is ${fence.state}: its store was moved, or is being moved`
  throw new ArchiveRefusedError('STORE_CHANGING_HANDS', message, { directory, state: fence.state })
}

/** A store that lies in a site's `temp`, `files/app` or `files/account` is the site's own. */
function isOriginal(directory: string): boolean {
  return ['../..', '../../..', '../../../..'].some(above => existsSync(join(directory, above, 'db.sqlite')))
}

type Name = Pick<MethodRecord, 'localpart' | 'domain'>

/** The names that the user will have; each must be one that can be created here. */
function namesOf(
  methods: readonly Name[],
  { as }: ImportOptions,
  application: ApplicationRecord | null,
): Pick<Announced, 'addresses' | 'leftOut'> {
  const names = methods.map(({ localpart, domain }) => ({ localpart, domain }))
  if (names.length > MOST_NAMES)
    throw new ArchiveRefusedError('STORE_WITH_TOO_MANY_ADDRESSES', `its user has ${names.length} addresses`)
  if (as !== undefined && application !== null) throw new ApplicationRenamedError(application.offering)
  const bare = names.filter(({ domain }) => domain === null).map(({ localpart }) => foldCase(localpart))
  if (as !== undefined && (bare.length === 0 || bare.length < names.length))
    return { addresses: [as], leftOut: distinct(names).filter(name => addressKey(name) !== addressKey(as)) }
  const isAsNamed = application === null ? bare.length === 0 : bare.join() === foldCase(application.offering)
  if (names.length === 0 || !isAsNamed) {
    const message = 'it holds neither a user nor the application store of an offering'
    throw new ArchiveRefusedError('STORE_WITHOUT_ADDRESS', message, { names: names.map(formatAddress) })
  }
  const addresses = names.map(name => (name.domain === null ? name : parseAddress(formatAddress(name))))
  return { addresses: distinct(addresses), leftOut: [] }
}

function distinct(addresses: readonly Address[]): readonly Address[] {
  return [...new Map(addresses.map(address => [addressKey(address), address])).values()]
}

/** Names that look alike must not be two names: what is new here is NFC, as everything that is created. */
export function inNormalForm(method: MethodRecord): MethodRecord {
  return { ...method, ...normalizeAddress(method) }
}

/** The identity that a stranger's fence or manifest claims becomes a name and a number of this site's own journal. */
function assertCredible({ storeId, epoch, incarnation }: Pick<Fence, 'storeId' | 'epoch' | 'incarnation'>): void {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(storeId))
    throw incredible(`its store id ${JSON.stringify(storeId.slice(0, 80))} is no UUID`)
  for (const [name, number] of Object.entries({ epoch, incarnation })) {
    if (!Number.isSafeInteger(number) || number < 0 || number > LARGEST_EPOCH)
      throw incredible(`its ${name} ${number} cannot be: a store changes hands a few times`)
  }
}

function incredible(message: string): ArchiveRefusedError {
  return new ArchiveRefusedError('STORE_IDENTITY_INVALID', message)
}
