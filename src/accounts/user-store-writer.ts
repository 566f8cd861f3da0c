import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fsyncPath, giveToOwnerOf, makeDirectory } from '../base/atomic-file.js'
import { assertPlace, directoryOf, type StoreSegments } from '../site/layout.js'
import type { Site } from '../site/site.js'
import { writeStoreDirectory, writeStoreDirectoryAside } from '../store-engine/files/store-directory.js'
import { StoreTemplate } from '../store-engine/images/store-image.js'
import type { Store } from '../store-engine/store.js'
import type { AccountRecord } from './account-record.js'
import { fillUserStore } from './account-rows.js'
import { LoginAccount } from './login-account.js'
import { LoginMethod } from './login-method.js'

/** A store that is to be made. */
export interface PlannedStore {
  readonly record: AccountRecord
  readonly segments: StoreSegments
}

/** Flushes under way; more than the system's file threads gain nothing. */
const AT_ONCE = 8

/**
 * Writes new user stores of a site, each as one image: a template in memory that has the tables already, the rows of
 * the account, one file, one rename. Keeps the template, so one writer serves any number of accounts.
 */
export class UserStoreWriter {
  readonly #site: Site
  readonly #template = new StoreTemplate(makeAccountTables)
  readonly #prepare: ((userStore: Store) => void) | undefined
  readonly #known = new Set<string>()
  readonly #touched = new Set<string>()

  /** @param prepare - puts more into each store, in the same image as its account. */
  constructor(site: Site, prepare?: (userStore: Store) => void) {
    this.#site = site
    this.#prepare = prepare
  }

  /**
   * Makes one user store, built in `stagingDirectory` and renamed; its name is durable after {@link sync}.
   *
   * @throws ConflictError when its directory exists.
   */
  write({ record, segments }: PlannedStore, stagingDirectory: string): void {
    const directory = this.#place(segments)
    writeStoreDirectory(directory, this.#image(record), { stagingDirectory, syncParent: false })
  }

  /**
   * Makes many, some at a time, since the disk can flush several files for the price of one. Ends when the last one
   * has ended, also when one fails.
   */
  async writeAll(stores: readonly PlannedStore[], stagingDirectory: string): Promise<void> {
    const waiting = stores[Symbol.iterator]()
    const work = async () => {
      for (const { record, segments } of waiting) {
        const directory = this.#place(segments)
        await writeStoreDirectoryAside(directory, this.#image(record), { stagingDirectory, syncParent: false })
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }

  /** Flushes the directories into which stores were renamed since the last time. */
  sync(): void {
    for (const parent of this.#touched) fsyncPath(parent)
    this.#touched.clear()
  }

  #image(record: AccountRecord): Buffer {
    const { journalMode = 'wal' } = this.#site.store
    return this.#template.image(
      store => {
        fillUserStore(store, record)
        this.#prepare?.(store)
      },
      { wal: journalMode === 'wal' },
    )
  }

  #place(segments: StoreSegments): string {
    const directory = directoryOf(this.#site.store, segments)
    if (!this.#known.has(dirname(directory))) assertPlace(this.#site.store, directory)
    this.#ensure(dirname(directory))
    this.#touched.add(dirname(directory))
    return directory
  }

  /** `account/` and `account/<domain>/`, owned by the site's owner. */
  #ensure(directory: string): void {
    if (this.#known.has(directory)) return
    if (!existsSync(directory)) {
      this.#ensure(dirname(directory))
      makeDirectory(directory)
      giveToOwnerOf(this.#site.directory, directory)
      fsyncPath(dirname(directory))
    }
    this.#known.add(directory)
  }
}

/** In the order of the original's user stores. */
function makeAccountTables(store: Store): void {
  store.transact(() => {
    store.engine.getTable(LoginAccount)
    store.engine.getTable(LoginMethod)
  })
}
