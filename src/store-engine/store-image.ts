/**
 * Databases made in memory and written as files in one go: how thousands of user stores are created at close to the
 * price of copying a file.
 */
import { Store } from './store.js'

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

/** A store filled once, from which many like it are made: tables and indexes are there, only rows come new. */
export class StoreTemplate {
  readonly #image: Buffer

  constructor(fill: (store: Store) => void) {
    this.#image = buildStoreImage(fill)
  }

  image(fill: (store: Store) => void, options: ImageOptions = {}): Buffer {
    using store = Store.fromImage(this.#image)
    fill(store)
    return store.serialize({ wal: options.wal ?? true })
  }
}
