import { statSync } from 'node:fs'
import { join } from 'node:path'
import { scheduledTick } from '../scheduling/parent-hook.js'
import { openTransferForAccount } from '../site/account-fence.js'
import type { Site } from '../site/site.js'
import type { Fence } from '../store-engine/database/write-fence.js'
import type { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'
import { type AccountRecord, nameOfAccount } from './account-record.js'
import { readAccountRecord, subStoreOf } from './account-rows.js'
import type { LoginAccount } from './login-account.js'

/** Everything about one account that its site and its store tell without changing either. */
export interface AccountDescription {
  readonly accountId: number
  readonly address: string | null
  readonly record: AccountRecord
  /** The directory of the user store. */
  readonly store: string | null
  /** `active` or another state of its write fence; `unreadable: …` where it cannot be opened. */
  readonly storeState: string
  readonly fence: Fence | null
  /** Size of the database. */
  readonly bytes: number | null
  readonly items: readonly { readonly type: string; readonly count: number }[]
  readonly offerings: readonly string[]
  /** When the site will look into the store; RFC 3339. */
  readonly nextEvent: string | null
  /** The open transfer that takes the account away. */
  readonly transfer: string | null
}

/** Describes an account. A user store that cannot be read is part of the description, not a failure. */
export function describeAccount(site: Site, account: LoginAccount): AccountDescription {
  const record = readAccountRecord(site, account)
  const subStore = subStoreOf(account)
  return {
    accountId: account.storeID,
    address: nameOfAccount(record),
    record,
    store: subStore?.storepath ?? null,
    ...describeStore(subStore),
    offerings: offeringsOf(site, account),
    nextEvent: subStore === undefined ? null : (scheduledTick(site.store, subStore)?.toIso() ?? null),
    transfer: openTransferForAccount(site, account.storeID)?.id ?? null,
  }
}

type StoreFacts = Pick<AccountDescription, 'storeState' | 'fence' | 'bytes' | 'items'>

function describeStore(subStore: SubStore | undefined): StoreFacts {
  if (subStore === undefined) return { storeState: 'none', fence: null, bytes: null, items: [] }
  try {
    return subStore.use(store => factsOf(store), { readonly: true, tolerateNewer: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { storeState: `unreadable: ${reason}`, fence: null, bytes: null, items: [] }
  }
}

function factsOf(store: Store): StoreFacts {
  const fence = store.readFence()
  const items = store
    .typesOnDisk()
    .map(type => ({ type: `${type.typeName} v${type.version}`, count: store.countOf(type) }))
    .filter(({ count }) => count > 0)
  const bytes = statSync(join(store.directory ?? '', 'db.sqlite')).size
  return { storeState: fence?.state ?? 'active', fence, bytes, items }
}

function offeringsOf(site: Site, account: LoginAccount): readonly string[] {
  if (!site.hasAdminTables) return []
  return site.store.sql.pluck<string>(
    'SELECT DISTINCT offering FROM mantissa_endowment WHERE account_id = ? ORDER BY offering',
    account.storeID,
  )
}
