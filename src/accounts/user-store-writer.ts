import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fsyncPath, giveToOwnerOf, makeDirectory } from '../base/atomic-file.js'
import { directoryOf, type StoreSegments } from '../site/layout.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import { writeStoreDirectory } from '../store-engine/store-directory.js'
import { StoreTemplate } from '../store-engine/store-image.js'
import type { AccountRecord } from './account-record.js'
import { fillUserStore } from './account-rows.js'
import { LoginAccount } from './login-account.js'
import { LoginMethod } from './login-method.js'

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
  write(record: AccountRecord, segments: StoreSegments, stagingDirectory: string): void {
    const directory = directoryOf(this.#site.store, segments)
    const parent = dirname(directory)
    this.#ensure(parent)
    const image = this.#template.image(store => {
      fillUserStore(store, record)
      this.#prepare?.(store)
    })
    writeStoreDirectory(directory, image, { stagingDirectory, syncParent: false })
    this.#touched.add(parent)
  }

  /** Flushes the directories into which stores were renamed since the last time. */
  sync(): void {
    for (const parent of this.#touched) fsyncPath(parent)
    this.#touched.clear()
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
