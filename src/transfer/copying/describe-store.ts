import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type AccountRecord, addressesOf } from '../../accounts/account-record.js'
import { readAccountRecord, subStoreOf } from '../../accounts/account-rows.js'
import { getAccountByAddress } from '../../accounts/find-account.js'
import type { LoginAccount } from '../../accounts/login-account.js'
import type { Address } from '../../base/address.js'
import { formatAddress } from '../../base/address.js'
import { IntegrityError } from '../../base/errors.js'
import type { ApplicationRecord } from '../../offerings/application-record.js'
import type { Site } from '../../site/site.js'
import { readFence } from '../../store-engine/database/write-fence.js'
import { DamagedStoreError, NotAStoreError } from '../../store-engine/errors.js'
import type { Store } from '../../store-engine/store.js'
import { movableApplication } from '../applications/movable-application.js'
import type { ManifestItemType } from '../archive/manifest.js'
import { storepathOf } from '../places.js'
import { AccountChangedError, TransferRefusedError } from '../transfer-errors.js'
import { assertPlainSchema, itemTypesOf } from './database-check.js'
import { listTree } from './file-tree.js'
import { openCarried } from './open-carried.js'

/** A user and the store behind them, as they are before anything is moved. */
export interface UserStoreFacts {
  readonly account: LoginAccount
  readonly record: AccountRecord
  /** What the site holds for it besides, where it is the application store of an offering; null for a person's. */
  readonly application: ApplicationRecord | null
  /** What the account is called: its oldest address. */
  readonly address: string
  readonly addresses: readonly Address[]
  readonly directory: string
  readonly storepath: string
  /** Null while the store has never been moved. */
  readonly storeId: string | null
  readonly epoch: number
  readonly databaseBytes: number
  readonly fileBytes: number
  readonly files: number
  readonly itemTypes: readonly ManifestItemType[]
  /** Whether writers must wait while the image is taken. */
  readonly writersWait: boolean
}

/**
 * Looks at a user and their store without changing either.
 *
 * @throws NoSuchUserError, UserMovedError, DamagedStoreError, UnmovableFileError, TransferRefusedError;
 *   AccountChangedError where they were removed meanwhile.
 */
export async function describeUserStore(site: Site, address: Address): Promise<UserStoreFacts> {
  const account = site.store.snapshot(() => getAccountByAddress(site, address))
  try {
    return await describeStoreOf(site, account, address)
  } catch (error) {
    if (site.store.findItemById(account.storeID) !== undefined) throw error
    throw new AccountChangedError(formatAddress(address), error)
  }
}

async function describeStoreOf(site: Site, account: LoginAccount, address: Address): Promise<UserStoreFacts> {
  const record = readAccountRecord(site, account)
  const named = formatAddress(record.methods[0] ?? address)
  const application = movableApplication(site, account, record)
  const directory = directoryOfAccount(site, account, named)
  using store = openOwn(directory, named)
  const tree = await listTree(join(directory, 'files'))
  assertPlainSchema(store, named)
  const fence = readFence(store)
  return {
    account,
    record,
    application,
    address: named,
    addresses: addressesOf(record),
    directory,
    storepath: storepathOf(site, directory),
    storeId: fence?.storeId ?? null,
    epoch: fence?.epoch ?? 0,
    databaseBytes: sizeOf(join(directory, 'db.sqlite')) + sizeOf(join(directory, 'db.sqlite-wal')),
    fileBytes: tree.reduce((sum, entry) => sum + entry.bytes, 0),
    files: tree.filter(entry => entry.kind !== 'directory').length,
    itemTypes: itemTypesOf(store),
    writersWait: store.sql.value<string>('PRAGMA journal_mode') !== 'wal',
  }
}

function openOwn(directory: string, named: string): Store {
  try {
    return openCarried(directory, { readonly: true })
  } catch (error) {
    if (error instanceof NotAStoreError || error instanceof DamagedStoreError)
      throw new UserStoreLostError(named, directory, error)
    throw error
  }
}

/** The account is there and its store is not, or nothing can be read from it; nothing was changed. */
export class UserStoreLostError extends IntegrityError {
  constructor(named: string, directory: string, cause: Error) {
    super(`the store of ${named} is lost or damaged: ${cause.message}`, {
      code: 'USER_STORE_LOST',
      hint: `restore ${directory} from a backup, or give it up: mantissa userdel ${named} --purge`,
      details: { address: named, directory },
      cause,
    })
  }
}

function directoryOfAccount(site: Site, account: LoginAccount, named: string): string {
  const directory = subStoreOf(account)?.storepath
  if (directory !== null && directory !== undefined) return directory
  throw new TransferRefusedError(`${named} has no store of its own in ${site.directory}`, {
    code: 'NO_USER_STORE',
    hint: 'only accounts with a store can be moved',
  })
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
