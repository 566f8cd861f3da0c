/**
 * Databases made in memory and written as files in one go: how thousands of user stores are created at close to the
 * price of copying a file.
 */
import { Store } from '../store.js'

export interface ImageOptions {
  /** Whether the file asks for write-ahead logging. Default true, as for every new store. */
  readonly wal?: boolean
}

/** The image of a new store with what `fill` puts in. */
export function buildStoreImage(fill: (store: Store) => void, options: ImageOptions = {}): Buffer {
  using store = Store.inMemory()
  fill(store)
  return store.serialize({ wal: options.wal ?? true })
}

/**
 * A store filled once, from which many like it are made: tables, indexes and prepared statements are there, only rows
 * come new. Each image is taken inside a transaction that is rolled back, so the next one begins where this one did.
 */
export class StoreTemplate implements Disposable {
  readonly #store = Store.inMemory()

  constructor(fill: (store: Store) => void) {
    fill(this.#store)
  }

  image(fill: (store: Store) => void, options: ImageOptions = {}): Buffer {
    const taken = new TakenImage()
    try {
      this.#store.transact(() => {
        fill(this.#store)
        this.#store.engine.flush()
        taken.image = this.#store.serialize({ wal: options.wal ?? true })
        throw taken
      })
    } catch (error) {
      if (error !== taken) throw error
    }
    return taken.image
  }

  [Symbol.dispose](): void {
    this.#store.close()
  }
}

/** Thrown to undo the filling. */
class TakenImage {
  image: Buffer = Buffer.alloc(0)
}
