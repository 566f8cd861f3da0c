import type { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'

/** A store below the site's that a node holds open. */
export class OpenStore {
  readonly storeID: number
  readonly store: Store
  /** Not closed to make room for others. */
  isKept = false
  #uses = 0
  readonly #subStore: SubStore

  /** @throws what opening the store throws; nothing is open then that was not before. */
  constructor(subStore: SubStore) {
    if (subStore.isOpen && subStore.open().hasMoved) subStore.close()
    this.storeID = subStore.storeID
    this.store = subStore.open()
    this.#subStore = subStore
  }

  /** Whether the site still has this store, at the path where it was opened, and it still is what lies there. */
  get isCurrent(): boolean {
    if (this.store.isClosed || !this.#subStore.isStored) return false
    return this.#subStore.storepath === this.store.directory && !this.store.hasMoved
  }

  /** Somebody works with it just now, and reaches for another store meanwhile. */
  get isInUse(): boolean {
    return this.#uses > 0
  }

  use<T>(work: (store: Store) => T): T {
    this.#uses += 1
    try {
      return work(this.store)
    } finally {
      this.#uses -= 1
    }
  }

  close(): void {
    this.#subStore.close()
    this.store.close()
  }
}
