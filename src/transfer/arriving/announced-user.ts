import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MethodRecord } from '../../accounts/account-record.js'
import { accountOfUserStore, readAccountRecord } from '../../accounts/account-rows.js'
import { type Address, formatAddress, normalizeAddress, parseAddress } from '../../base/address.js'
import { addressKey } from '../../site/reservations.js'
import type { Site } from '../../site/site.js'
import { type Fence, readFence } from '../../store-engine/database/write-fence.js'
import { contentBytes, type Manifest, type ManifestItemType } from '../archive/manifest.js'
import { assertPlainSchema, itemTypesOf } from '../copying/database-check.js'
import { listTree } from '../copying/file-tree.js'
import { openCarried } from '../copying/open-carried.js'
import { MalformedArchiveError } from '../transfer-errors.js'
import type { ImportOptions } from './import-options.js'
import { refuseActiveStore, refuseOutdated } from './store-history.js'

/** More addresses than anybody has; each is held against every name of the site. */
const MOST_NAMES = 1000
/** Far beyond every number of moves, and far below the numbers that are no longer exact. */
const LARGEST_EPOCH = 2 ** 31

/** What is known of the arriving user before anything is written. */
export interface Announced {
  readonly addresses: readonly Address[]
  readonly storeId: string | null
  readonly epoch: number
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
  const { storeId, epoch, removed, itemTypes } = manifest
  assertCredible(storeId, epoch)
  const addresses = namesOf(manifest.methods, options)
  return { addresses, storeId, epoch, removed, bytes: contentBytes(manifest), itemTypes }
}

/** What a store directory announces; it is opened for reading only. */
export async function announcedByDirectory(directory: string, options: ImportOptions): Promise<Announced> {
  const tree = await listTree(join(directory, 'files'))
  using store = openCarried(directory, { readonly: true })
  assertPlainSchema(store, directory)
  const fence = readFence(store)
  if (fence !== null) assertCredible(fence.storeId, fence.epoch)
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
    itemTypes: itemTypesOf(store),
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
  if (names.length > MOST_NAMES) throw new MalformedArchiveError(`its user has ${names.length} addresses`)
  const addresses = names.map(name => parseAddress(formatAddress(name)))
  return [...new Map(addresses.map(address => [addressKey(address), address])).values()]
}

/** Names that look alike must not be two names: what is new here is NFC, as everything that is created. */
export function inNormalForm(method: MethodRecord): MethodRecord {
  return { ...method, ...normalizeAddress(method) }
}

/** The identity that a stranger's fence or manifest claims becomes a name and a number of this site's own journal. */
function assertCredible(storeId: string, epoch: number): void {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(storeId))
    throw new MalformedArchiveError(`its store id ${JSON.stringify(storeId.slice(0, 80))} is no UUID`)
  if (!Number.isSafeInteger(epoch) || epoch < 0 || epoch > LARGEST_EPOCH)
    throw new MalformedArchiveError(`its epoch ${epoch} cannot be: a store changes hands a few times`, { epoch })
}
