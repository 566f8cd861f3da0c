/**
 * Going through all stores of a site: its own, then those of its accounts in the order in which these were created,
 * people's and applications'. One is open at a time and a page of accounts is remembered, however many there are.
 */
import { nameOfAccount } from '../accounts/account-record.js'
import { readAccountRecord, subStoreOf } from '../accounts/account-rows.js'
import { listAccounts } from '../accounts/list-accounts.js'
import { LoginAccount } from '../accounts/login-account.js'
import { MantissaError } from '../base/errors.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'

/** A store as its site knows it; both are null for the site's own. */
export interface StorePlace {
  /** What the account of the store is called. */
  readonly address: string | null
  /** The directory, below the site's `files/`; null also where the site names none that can be. */
  readonly path: string | null
}

/** A store that could not be opened or read to its end. */
export class SkippedStore {
  readonly place: StorePlace
  readonly error: MantissaError

  constructor(place: StorePlace, error: MantissaError) {
    this.place = place
    this.error = error
  }
}

export interface EveryStoreOptions {
  /** Only the store of this account, whose errors are then thrown. */
  readonly account?: LoginAccount | undefined
  /** Opens the stores for writing. Default false. */
  readonly write?: boolean
}

/** What `read` finds in each store; in the place of a store that fails a {@link SkippedStore}. */
export function* fromEveryStore<T>(
  site: Site,
  options: EveryStoreOptions,
  read: (store: Store, place: StorePlace) => Iterable<T>,
): Generator<T | SkippedStore> {
  const { account } = options
  if (account === undefined) yield* read(site.store, { address: null, path: null })
  for (const known of account === undefined ? everyAccount(site) : [account]) {
    let place: StorePlace = { address: nameOfAccount(readAccountRecord(site, known)), path: null }
    try {
      const subStore = subStoreOf(known)
      if (subStore === undefined) continue
      place = { ...place, path: pathOf(site, subStore) }
      yield* readOne(subStore, options.write ?? false, store => read(store, place))
    } catch (error) {
      if (account !== undefined || !(error instanceof MantissaError)) throw error
      yield new SkippedStore(place, error)
    }
  }
}

function* everyAccount(site: Site): Generator<LoginAccount> {
  for (const { accountId } of listAccounts(site, { all: true })) {
    const account = site.store.findItemById(accountId)
    if (account instanceof LoginAccount) yield account
  }
}

function* readOne<T>(subStore: SubStore, write: boolean, read: (store: Store) => Iterable<T>): Generator<T> {
  const wasOpen = subStore.isOpen
  try {
    yield* read(subStore.open({ readonly: !write, tolerateNewer: true }))
  } finally {
    if (!wasOpen) subStore.close()
  }
}

function pathOf(site: Site, { storepath }: SubStore): string | null {
  return storepath?.slice((site.store.filesDirectory ?? '').length + 1) ?? null
}
