import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InvalidInputError } from '../base/errors.js'
import { assertInside } from '../base/safe-path.js'
import { path } from './attributes/path-attribute.js'
import { translateFileError } from './database/sqlite-errors.js'
import { ConstraintError } from './errors.js'
import { item } from './items/item.js'
import { registerItemTypes } from './items/registry.js'
import { adapt, CONFORM } from './powerups/adapt.js'
import { INDIRECT, type Interface } from './powerups/interface.js'
import { Store, type StoreOptions } from './store.js'

export type SubStoreOptions = Pick<StoreOptions, 'readonly' | 'busyTimeout' | 'tolerateNewer'>

/** A store below this one, as the parent knows it: where its directory is. */
export class SubStore extends item({
  typeName: 'substore',
  version: 1,
  module: 'axiom.substore',
  attributes: { storepath: path({ doc: 'directory of the store, below files/' }) },
}) {
  #open: Store | undefined

  /**
   * A new, empty store at `files/<segments>`, and the item for it. Not one step: a crash in between leaves a directory
   * that no item names. Deeds that must not, record themselves first.
   */
  static createNew(parent: Store, segments: readonly string[]): SubStore {
    if (!Array.isArray(segments) || segments.length === 0)
      throw new InvalidInputError('a substore is named by a list of path segments')
    const directory = parent.filePath(...segments)
    Store.create(directory, parent.journalMode === undefined ? {} : { journalMode: parent.journalMode }).close()
    return parent.create(SubStore, { storepath: directory })
  }

  /**
   * The store, with this item's store as its parent; the same object until it is closed.
   * @throws NotAStoreError where the directory is gone: a lost store never comes back empty. IntegrityError
   *   (`PATH_ESCAPES`) where a link leads out of the parent's `files/`.
   */
  open(options: SubStoreOptions = {}): Store {
    if (this.#open !== undefined && !this.#open.isClosed && (options.readonly === true || !this.#open.readonly))
      return this.#open
    if (this.storepath === null) throw new ConstraintError(`substore ${this.storeID} has no directory`)
    const { store, storeID } = this
    assertBelow(store.filesDirectory, join(this.storepath, 'db.sqlite'))
    const { journalMode, busyTimeout } = store
    const inherited = { journalMode, busyTimeout, parent: { store, idInParent: storeID } }
    this.#open = Store.open(this.storepath, { ...inherited, ...options })
    return this.#open
  }

  /** Calls `work` with the store, opened as {@link SubStore.open} does, and leaves it open only where it was before. */
  use<T>(work: (store: Store) => T, options: SubStoreOptions = {}): T {
    const before = this.isOpen ? this.#open : undefined
    const store = this.open(options)
    try {
      return work(store)
    } finally {
      if (store !== before) store.close()
      this.#open = before
    }
  }

  /** As a powerup it stands for what its store answers with; the store is opened and stays open. */
  [INDIRECT]<T>(face: Interface<T>): T | undefined {
    return adapt(this.open(), face)
  }

  [CONFORM]<T>(face: Interface<T>): T | undefined {
    return adapt(this.open(), face)
  }

  /** Whether {@link SubStore.open} would return a store that is open already. */
  get isOpen(): boolean {
    return this.#open !== undefined && !this.#open.isClosed
  }

  close(): void {
    this.#open?.close()
    this.#open = undefined
  }
}
registerItemTypes(SubStore)

/** The path is clean as a text; on the disk a directory above may be a link to somebody else's store. */
function assertBelow(files: string | null, database: string): void {
  if (files === null || !existsSync(files)) return
  try {
    assertInside(files, database)
  } catch (error) {
    throw translateFileError(error, dirname(database))
  }
}
