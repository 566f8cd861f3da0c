import type { FastifyReply } from 'fastify'
import type { Store } from '../../store-engine/store.js'
import type { Representation } from './representation.js'

/** Milliseconds for which a page is kept, however little its store changes: it may show the time, or other stores. */
const GOOD_FOR = 1000
/** Bytes of all pages together; when there are more, all are let go. */
const MOST = 8 * 1024 ** 2

interface Kept {
  readonly shown: Representation
  readonly moment: number
  readonly until: number
}

/**
 * What visitors without any cookie were shown within the last second. They all get the same, so it is made again only
 * when an item of the store has changed, or the second is over. Nothing is kept of what brings a cookie.
 */
export class KeptPages {
  #pages = new WeakMap<Store, Map<string, Kept>>()
  #bytes = 0

  /** The page, kept or from `make`. The answer to `reply` must depend on its URL, Host and format only. */
  recall(store: Store, reply: FastifyReply, make: () => Representation): Representation {
    const { headers, originalUrl } = reply.request
    if (headers.cookie !== undefined) return make()
    const key = `${headers.host} ${headers.accept} ${originalUrl}`
    const { moment } = store
    const kept = this.#pages.get(store)?.get(key)
    if (kept?.moment === moment && performance.now() < kept.until) return kept.shown
    const shown = make()
    // A form brings a cookie of the visitor's own.
    if (reply.formToken === null) this.#keep(store, key, { shown, moment, until: performance.now() + GOOD_FOR })
    return shown
  }

  #keep(store: Store, key: string, kept: Kept): void {
    this.#bytes += kept.shown.body.length + key.length
    if (this.#bytes > MOST) {
      this.#pages = new WeakMap()
      this.#bytes = kept.shown.body.length + key.length
    }
    const pages = this.#pages.get(store) ?? new Map<string, Kept>()
    this.#pages.set(store, pages.set(key, kept))
  }
}
