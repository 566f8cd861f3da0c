/**
 * User stores that were used lately. Opening one costs some milliseconds, so they stay open; a node has more users than
 * a process has descriptors, so not all of them do: the one used longest ago is closed first.
 *
 * Other processes remove, move and replace user stores while a node runs. SQLite would not notice: it goes on with the
 * file that it has opened, wherever that lies by now, and what is written there is lost. So each use looks whether the
 * file that is open is still the one at the store's path (one call of the system), and a store that is not is closed and
 * opened anew. What is written in the very moment of a move fails at the fence that lies in each store.
 */
import { subStoreOf } from '../accounts/account-rows.js'
import type { LoginAccount } from '../accounts/login-account.js'
import { NotFoundError } from '../base/errors.js'
import type { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'
import { OpenStore } from './open-store.js'

/** How many user stores stay open; each costs three descriptors and some hundred KiB. */
export const KEPT_OPEN = 200

export class OpenStores implements Disposable {
  readonly #most: number
  /** The one used longest ago first. */
  readonly #open = new Map<number, OpenStore>()
  #opens = 0
  #uses = 0

  constructor(most = KEPT_OPEN) {
    this.#most = most
  }

  /** How many are open. */
  get count(): number {
    return this.#open.size
  }

  /** How often a store was opened, and how often one was used, since the node started. */
  get statistics(): { readonly opens: number; readonly uses: number } {
    return { opens: this.#opens, uses: this.#uses }
  }

  /**
   * Calls `work` with the account's store.
   * @throws NotFoundError (`NO_STORE`) where it has none, or none any more; what opening the store throws.
   */
  use<T>(account: LoginAccount, work: (store: Store) => T): T {
    const subStore = account.isStored ? subStoreOf(account) : undefined
    if (subStore?.isStored !== true) throw new NotFoundError('this account has no store', { code: 'NO_STORE' })
    this.#uses += 1
    return this.#get(subStore).use(work)
  }

  /** The same for a store that is to stay open until {@link OpenStores.letGo}. */
  keep(subStore: SubStore): Store {
    const open = this.#get(subStore)
    open.isKept = true
    return open.store
  }

  /** Undoes one {@link OpenStores.keep}; the store is closed when its turn comes. */
  letGo(subStore: SubStore): void {
    const open = this.#open.get(subStore.storeID)
    if (open !== undefined) open.isKept = false
  }

  /** Closes those that are not there any more, or lie elsewhere. Returns how many. */
  closeGone(): number {
    const gone = [...this.#open.values()].filter(open => !open.isKept && !open.isCurrent)
    for (const open of gone) this.#close(open)
    return gone.length
  }

  [Symbol.dispose](): void {
    for (const open of this.#open.values()) open.close()
    this.#open.clear()
  }

  #get(subStore: SubStore): OpenStore {
    const known = this.#open.get(subStore.storeID)
    if (known?.isCurrent === true) return this.#touch(known)
    if (known !== undefined) this.#close(known)
    this.#makeRoom()
    this.#opens += 1
    return this.#touch(new OpenStore(subStore))
  }

  #touch(open: OpenStore): OpenStore {
    this.#open.delete(open.storeID)
    this.#open.set(open.storeID, open)
    return open
  }

  #makeRoom(): void {
    for (const open of this.#open.values()) {
      if (this.#open.size < this.#most) return
      if (!open.isKept && !open.isInUse) this.#close(open)
    }
  }

  #close(open: OpenStore): void {
    this.#open.delete(open.storeID)
    open.close()
  }
}
