import { subStoreOf } from '../accounts/account-rows.js'
import type { LoginAccount } from '../accounts/login-account.js'
import { NotFoundError } from '../base/errors.js'
import type { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'
import { NODE_BUSY_TIMEOUT } from './patience.js'

/** How many user stores stay open; each costs three descriptors and some hundred KiB. */
const KEPT_OPEN = 200

/**
 * User stores that were used lately, the one used longest ago first. Opening costs some milliseconds, so they stay open;
 * a node has more users than a process has descriptors, so not all of them do.
 */
export class OpenStores implements Disposable {
  readonly #most: number
  readonly #open = new Map<number, SubStore>()

  constructor(most = KEPT_OPEN) {
    this.#most = most
  }

  get count(): number {
    return this.#open.size
  }

  /** Calls `work` with the account's store. @throws NotFoundError where it has none. */
  use<T>(account: LoginAccount, work: (store: Store) => T): T {
    const subStore = subStoreOf(account)
    if (subStore === undefined) throw new NotFoundError('this account has no store', { code: 'NO_STORE' })
    const store = subStore.open({ busyTimeout: NODE_BUSY_TIMEOUT })
    this.#open.delete(subStore.storeID)
    this.#open.set(subStore.storeID, subStore)
    this.#shrink()
    return work(store)
  }

  [Symbol.dispose](): void {
    for (const subStore of this.#open.values()) subStore.close()
    this.#open.clear()
  }

  #shrink(): void {
    for (const [storeID, subStore] of this.#open) {
      if (this.#open.size <= this.#most) return
      subStore.close()
      this.#open.delete(storeID)
    }
  }
}
