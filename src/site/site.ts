/**
 * A site: the store that a node serves, with the stores of its users and applications below it.
 *
 * This layer knows directories, not people: where stores lie (`layout`), who the site is (`identity`), what was begun
 * and not ended (`deeds`, `transfers-journal`), what is held or has left (`reservations`, `tombstones`), who may write
 * a store (`fence`), what was set and who did it (`settings`, `audit`). Accounts, offerings and moves build on it.
 *
 * Opening a site for reading changes nothing, not even on a site that the original software wrote: its plain tables
 * are then simply absent, and everything here reads an absent table as an empty one. The first opening for writing
 * makes them, gives the site its identity, and recovers what a process that died has left undone.
 *
 * A site is not a connection pool: one process has one `Site` per directory, and closes it.
 */
import { realpathSync } from 'node:fs'
import type { Clock } from '../base/clock.js'
import { systemClock } from '../base/clock.js'
import { NotFoundError } from '../base/errors.js'
import { newUlid } from '../base/ids.js'
import { INSPECT } from '../base/inspection.js'
import type { JournalMode } from '../store-engine/database/journal-mode.js'
import type { HeldLock } from '../store-engine/database/lock-database.js'
import { Store } from '../store-engine/store.js'
import { assertFormatKnown, createAdminTables, hasAdminTables, hasAllAdminTables } from './admin-tables.js'
import type { Actor } from './audit.js'
import { recoverDeeds } from './deeds.js'
import { assertNoForeignLinks } from './foreign-links.js'
import { isIdentityCurrent, recordIdentity } from './identity.js'
import { removeLockFile, tryLock } from './locks.js'
import { assertNoUserStore } from './not-a-site.js'

export interface SiteOptions {
  /** Changes nothing at all; every write fails. */
  readonly readonly?: boolean
  readonly clock?: Clock
  /** Whom the audit log names. */
  readonly actor?: Actor
  /** Milliseconds to wait for another writer. */
  readonly busyTimeout?: number
  /** Set on the site's store at its opening, and on every store that is opened or made through it. */
  readonly journalMode?: JournalMode
  /** Leaves deeds of dead processes as they are; for those who look into them. */
  readonly recover?: boolean
  /** Opens also a site that holds newer versions of known item types; see StoreOptions. */
  readonly tolerateNewer?: boolean
}

export class Site implements Disposable {
  static readonly #opened = new WeakMap<Store, Site>()

  readonly store: Store
  /** Absolute, symbolic links resolved. */
  readonly directory: string
  readonly clock: Clock
  readonly actor: Actor | undefined
  #hasAdminTables: boolean
  #lock: HeldLock | undefined
  #session: string | undefined

  private constructor(store: Store, directory: string, options: SiteOptions) {
    this.store = store
    this.directory = directory
    this.clock = options.clock ?? systemClock
    this.actor = options.actor
    this.#hasAdminTables = hasAdminTables(store)
    Site.#opened.set(store, this)
  }

  /**
   * Opens the site in `directory`; never creates one.
   *
   * @throws NotAStoreError, NotASiteError, StoreBusyError and what else opening a store may raise; nothing is changed.
   */
  static open(directory: string, options: SiteOptions = {}): Site {
    const { readonly = false, busyTimeout, journalMode, tolerateNewer } = options
    return Site.#adopt(Store.open(directory, { readonly, busyTimeout, journalMode, tolerateNewer }), options)
  }

  /** The open site that this store is the store of, e.g. of `userStore.parent`. */
  static of(store: Store): Site {
    const site = Site.#opened.get(store)
    if (site === undefined) throw new NotFoundError(`${store.directory} was not opened as a site`)
    return site
  }

  /** Makes a site of a store that is already open, and closes the store when that fails. */
  static #adopt(store: Store, options: SiteOptions): Site {
    try {
      const site = new Site(store, realpathSync(store.directory ?? '.'), options)
      assertNoUserStore(store)
      if (site.#hasAdminTables) assertFormatKnown(store)
      if (!store.readonly) {
        assertNoForeignLinks(site.directory)
        site.#prepare(options)
      }
      return site
    } catch (error) {
      store.close()
      throw error
    }
  }

  /** Whether the plain tables are there; false only on a site that was never opened for writing. */
  get hasAdminTables(): boolean {
    return this.#hasAdminTables
  }

  get readonly(): boolean {
    return this.store.readonly
  }

  /** The name under which this process's deeds are recorded, if it has begun any. */
  get ownSession(): string | undefined {
    return this.#session
  }

  /** The name for deeds that begin now; taking it takes a lock that shows that this process lives. */
  session(): string {
    if (this.#session === undefined) {
      const session = newUlid()
      this.#lock = tryLock(this, session)
      this.#session = session
    }
    return this.#session
  }

  [INSPECT](): string {
    return `Site(${this.directory}${this.readonly ? ', read-only' : ''})`
  }

  close(): void {
    if (this.#lock !== undefined) {
      if (!this.#hasOpenDeeds()) removeLockFile(this.#lock)
      this.#lock.release()
      this.#lock = undefined
      this.#session = undefined
    }
    this.store.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #prepare(options: SiteOptions): void {
    if (!hasAllAdminTables(this.store) || !isIdentityCurrent(this)) {
      this.store.transact(() => {
        createAdminTables(this.store)
        this.#hasAdminTables = true
        recordIdentity(this)
      })
    }
    if (options.recover ?? true) recoverDeeds(this)
  }

  #hasOpenDeeds(): boolean {
    const mine = 'SELECT 1 FROM mantissa_deed WHERE session = ?'
    return this.store.sql.get(mine, this.#session ?? '') !== undefined
  }
}

/**
 * Makes a bare site: an empty store with the plain tables and an identity; its directory must not exist.
 * What a site serves (login system, configuration) is installed by those who know it.
 */
export function createSiteStore(directory: string, options: Omit<SiteOptions, 'readonly'> = {}): Site {
  Store.create(directory, { journalMode: options.journalMode ?? 'wal' }).close()
  return Site.open(directory, options)
}
