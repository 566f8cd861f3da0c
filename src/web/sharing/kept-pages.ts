import type { FastifyReply } from 'fastify'
import type { LoginAccount } from '../../accounts/login-account.js'
import type { Store } from '../../store-engine/store.js'
import type { Representation } from './representation.js'

/** Milliseconds for which a page is kept, however little its store changes: it may show the time, or other stores. */
const GOOD_FOR = 1000
/** Bytes of all pages together; when there are more, all are let go. */
const MOST = 8 * 1024 ** 2

interface Kept {
  readonly shown: Representation
  /** Of the owner; it is closed when others need its place. */
  readonly store: WeakRef<Store>
  readonly moment: number
  readonly until: number
}

/**
 * What visitors without any cookie were shown within the last second. They all get the same, so it is made again only
 * when an item of the store has changed, or the second is over. Nothing is kept of what brings a cookie.
 */
export class KeptPages {
  #pages = new WeakMap<LoginAccount, Map<string, Kept>>()
  #bytes = 0

  /** What was shown of the account's store at the same URL, Host and format; undefined where that may be out of date. */
  find(account: LoginAccount, reply: FastifyReply): Representation | undefined {
    if (reply.request.headers.cookie !== undefined) return undefined
    const kept = this.#pages.get(account)?.get(keyOf(reply))
    if (kept === undefined || performance.now() > kept.until) return undefined
    const store = kept.store.deref()
    return store !== undefined && !store.isClosed && store.moment === kept.moment ? kept.shown : undefined
  }

  /** What `make` makes, which depends on nothing but the store and the request, is kept for others where it can be. */
  keep(account: LoginAccount, reply: FastifyReply, made: { store: Store; make: () => Representation }): Representation {
    const { store, make } = made
    const { moment } = store
    const shown = make()
    // A form brings a cookie of the visitor's own.
    const isForAll = reply.request.headers.cookie === undefined && reply.formToken === null
    if (isForAll)
      this.#add(account, keyOf(reply), {
        shown,
        store: new WeakRef(store),
        moment,
        until: performance.now() + GOOD_FOR,
      })
    return shown
  }

  #add(account: LoginAccount, key: string, kept: Kept): void {
    const bytes = kept.shown.text.length + key.length
    this.#bytes += bytes
    if (this.#bytes > MOST) {
      this.#pages = new WeakMap()
      this.#bytes = bytes
    }
    const pages = this.#pages.get(account) ?? new Map<string, Kept>()
    this.#pages.set(account, pages.set(key, kept))
  }
}

/** No host and no URL has a space in it. */
function keyOf({ request: { headers, originalUrl } }: FastifyReply): string {
  return `${headers.host} ${headers.accept} ${originalUrl}`
}
