/**
 * A store: one SQLite database of items, in a directory with the files that belong to it.
 *
 * Everything in the toolkit that keeps data keeps it through this class. The disk format is that of Divmod's Axiom,
 * in both directions; `docs` of the project and the comments of `schema.ts` say which parts matter. Opening never
 * creates, reading never writes (the original makes tables when it is asked a question), and a type whose code is not
 * loaded stops nothing: its rows can be listed generically and are carried untouched.
 *
 * Two Store objects, or two processes, may share one database. A transaction begins by finding out whether somebody
 * else has written; items then read their rows again. There is no transaction across stores.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { INSPECT } from '../base/inspection.js'
import { safeJoin } from '../base/safe-path.js'
import { STORE_SELF_ID } from './attributes/reference.js'
import { Connection, type ConnectionOptions } from './database/connection.js'
import type { JournalMode } from './database/journal-mode.js'
import type { OpenTransaction } from './database/open-transaction.js'
import { openAs } from './database/open-untouched.js'
import { PlainSql } from './database/plain-sql.js'
import { quoteName } from './database/sql-value.js'
import { assertNotAsync, type TransactOptions } from './database/transactions.js'
import { TypedSql } from './database/typed-sql.js'
import { type Fence, readFenceRow } from './database/write-fence.js'
import { Engine } from './engine.js'
import { DuplicateUniqueItemError, InvalidPathError, ItemNotFoundError, NoFilesAreaError } from './errors.js'
import { discardStoreDirectory, writeStoreDirectory } from './files/store-directory.js'
import { StoreFile } from './files/store-file.js'
import { type Initial, matching } from './items/initial.js'
import { type Item, type ItemConstructor, STATE } from './items/item.js'
import { encodeItemRow } from './items/item-row.js'
import type { Answerer, Interface } from './powerups/interface.js'
import { Powerups } from './powerups/powerup.js'
import type { Comparison } from './queries/comparison.js'
import { JoinQuery } from './queries/join-query.js'
import { type ItemOf, type ItemsOf, isList, type Placeholder, type Queryable, targetOf } from './queries/placeholder.js'
import { Query } from './queries/query.js'
import type { QueryOptions } from './queries/query-options.js'
import { type GenericRow, genericRows, type RowSelection } from './schema/generic-rows.js'
import { type Referrer, referrers } from './schema/referrers.js'
import { BASE_SCHEMA, type TypeOnDisk } from './schema/schema.js'

export interface StoreOptions extends ConnectionOptions {
  /** The store that holds this one as a substore, and its storeID there. */
  readonly parent?: { readonly store: Store; readonly idInParent: number } | undefined
  /** Lets a store open that holds newer versions of known types, to be carried; such types then refuse to be used. */
  readonly tolerateNewer?: boolean | undefined
}

export interface CreateStoreOptions {
  /** Default `wal`. */
  readonly journalMode?: JournalMode
  readonly stagingDirectory?: string
}

export class Store implements Disposable {
  /** Absolute; null for a store in memory. */
  readonly directory: string | null
  readonly parent: Store | null
  /** storeID of the SubStore item in the parent. */
  readonly idInParent: number | null
  readonly readonly: boolean
  /** The mode that was asked for, which substores inherit; undefined where the file's own was left alone. */
  readonly journalMode: JournalMode | undefined
  /** What was asked for, in milliseconds; substores inherit it. */
  readonly busyTimeout: number | undefined
  /** For the engine's own parts. */
  readonly engine: Engine
  readonly sql: PlainSql
  /** For what a person types. */
  readonly typedSql: TypedSql
  readonly powerups: Powerups
  readonly #connection: Connection
  readonly #files: string | null
  #closed = false

  private constructor(connection: Connection, options: StoreOptions = {}, files: string | null = null) {
    this.#connection = connection
    this.directory = connection.directory
    this.parent = options.parent?.store ?? null
    this.idInParent = options.parent?.idInParent ?? null
    this.readonly = options.readonly ?? false
    this.journalMode = options.journalMode
    this.busyTimeout = options.busyTimeout
    this.#files = this.directory === null ? files : join(this.directory, 'files')
    this.engine = new Engine(this, connection)
    this.sql = new PlainSql(connection, this.engine.transactions)
    this.typedSql = new TypedSql(connection, this.engine.transactions)
    this.powerups = new Powerups(this)
  }

  /**
   * Opens what is there.
   * @throws NotAStoreError, DamagedStoreError, SchemaMismatchError, StoreTooNewError, StoreUnreadableError,
   * StoreMovedError; nothing is created or changed.
   */
  static open(directory: string, options: StoreOptions = {}): Store {
    const connection = openAs(resolve(directory), options)
    try {
      const store = new Store(connection, options)
      if (options.tolerateNewer !== true) store.engine.schema.assertAllFit()
      // Last, since it writes: what turned out to be no store of ours stays as it is.
      if (options.journalMode !== undefined && !store.readonly) connection.setJournalMode(options.journalMode)
      return store
    } catch (error) {
      connection.close()
      throw error
    }
  }

  /** Makes a new, empty store and opens it; on failure nothing is left. @throws ConflictError when the directory exists. */
  static create(directory: string, options: CreateStoreOptions = {}): Store {
    using empty = Store.inMemory()
    const { journalMode = 'wal' } = options
    const staging = options.stagingDirectory === undefined ? {} : { stagingDirectory: options.stagingDirectory }
    writeStoreDirectory(resolve(directory), empty.serialize({ wal: journalMode === 'wal' }), staging)
    try {
      return Store.open(directory, options.journalMode === undefined ? {} : { journalMode })
    } catch (error) {
      discardStoreDirectory(resolve(directory))
      throw error
    }
  }

  static inMemory(options: { readonly filesDirectory?: string } = {}): Store {
    const connection = Connection.inMemory()
    connection.execute(BASE_SCHEMA)
    return new Store(connection, {}, options.filesDirectory ?? null)
  }

  /**
   * A store in memory with the content of a database file. What it becomes is lost unless serialized.
   * @throws NotAStoreError, DamagedStoreError.
   */
  static fromImage(image: Uint8Array): Store {
    const copy = Buffer.from(image)
    // A database in memory cannot keep a write-ahead log, and refuses to open with a header that asks for one.
    copy.subarray(18, 20).fill(1)
    return new Store(Connection.inMemory(copy))
  }

  /** The bytes of the database, for a file of its own. `wal` says which journal mode its header asks for. */
  serialize(options: { readonly wal: boolean }): Buffer {
    const image = this.#connection.database.serialize()
    // File format versions, bytes 18 and 19 of the header: 2 is WAL, 1 a rollback journal.
    image.fill(options.wal ? 2 : 1, 18, 20)
    return image
  }

  /** `files/`, below which `path` attributes point. */
  get filesDirectory(): string | null {
    return this.#files
  }

  get temporaryDirectory(): string | null {
    return this.directory === null ? this.#files && join(this.#files, '..', 'temp') : join(this.directory, 'temp')
  }

  get runDirectory(): string | null {
    return this.directory === null ? null : join(this.directory, 'run')
  }

  /** For messages: the directory, or that there is none. */
  describe(): string {
    return this.directory ?? 'the store in memory'
  }

  [INSPECT](): string {
    return `Store(${this.describe()}${this.readonly ? ', read-only' : ''})`
  }

  /**
   * Whether the directory of the store was removed, moved or replaced since it was opened: what is read is then of the
   * past, and nothing that is written would be found. Costs one call of the system.
   */
  get hasMoved(): boolean {
    return this.#connection.hasMoved
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** A transaction that is open is undone. Closing again does nothing; asking a closed store is a ConstraintError. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.engine.transactions.abandon()
    this.#connection.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  // --- items ---

  /** A new item in this store. @throws ConstraintError for a value that its attribute cannot hold. */
  create<C extends ItemConstructor>(itemClass: C, attributes: Initial<C>): InstanceType<C> {
    const row = encodeItemRow(this.engine, itemClass.itemType, attributes as Record<string, unknown>)
    return this.engine.writer.create(itemClass, row) as InstanceType<C>
  }

  /** Inserts rows without making items of them: no `activate`, no `stored`. Returns how many. */
  batchInsert<C extends ItemConstructor>(itemClass: C, rows: Iterable<Initial<C>>): number {
    return this.transact(() => {
      const { writer } = this.engine
      const table = this.engine.getTable(itemClass)
      let count = 0
      for (const row of rows) {
        writer.insert(table, encodeItemRow(this.engine, itemClass.itemType, row as Record<string, unknown>))
        count += 1
      }
      return count
    })
  }

  /** Items of a class; of several, tuples of them. The comparison and the sort may speak of other classes, too. */
  query<C extends ItemConstructor>(itemClass: C | Placeholder<C>, options?: QueryOptions): Query<InstanceType<C>>
  query<F extends Queryable, const R extends readonly Queryable[]>(
    several: readonly [F, ...R],
    options?: QueryOptions,
  ): JoinQuery<[ItemOf<F>, ...ItemsOf<R>]>
  query(asked: Queryable | readonly Queryable[], options: QueryOptions = {}): Query<Item> | JoinQuery<readonly Item[]> {
    if (isList(asked)) return new JoinQuery(this.engine, asked.map(targetOf), options)
    return new Query(this.engine, targetOf(asked), options)
  }

  findFirst<C extends ItemConstructor>(
    itemClass: C,
    where?: Comparison,
    options: Pick<QueryOptions, 'sort' | 'offset'> = {},
  ): InstanceType<C> | undefined {
    return this.query(itemClass, { ...options, where }).first()
  }

  /** @throws ItemNotFoundError or DuplicateUniqueItemError unless exactly one item matches. */
  findUnique<C extends ItemConstructor>(itemClass: C, where?: Comparison): InstanceType<C> {
    const [first, second] = this.query(itemClass, { where, limit: 2 })
    const { typeName } = itemClass.itemType
    if (first === undefined) throw new ItemNotFoundError(`${this.describe()} holds no such ${typeName}`)
    if (second !== undefined)
      throw new DuplicateUniqueItemError(`${this.describe()} holds more than one such ${typeName}`)
    return first
  }

  /** The first item with these attributes, or a new one with them; `ifNew` is called with a new one. */
  findOrCreate<C extends ItemConstructor>(
    itemClass: C,
    attributes: Initial<C>,
    ifNew?: (created: InstanceType<C>) => void,
  ): InstanceType<C> {
    return this.transact(() => {
      const found = this.findFirst(itemClass, matching(itemClass, attributes))
      if (found !== undefined) return found
      const created = this.create(itemClass, attributes)
      ifNew?.(created)
      return created
    })
  }

  /** The item, or the store itself for −1. @throws ItemNotFoundError, UnknownItemTypeError. */
  getItemById(storeID: number): Item | Store {
    return storeID === STORE_SELF_ID ? this : this.engine.loader.get(storeID)
  }

  /** Undefined where no item has the storeID. @throws UnknownItemTypeError. */
  findItemById(storeID: number): Item | undefined {
    return this.engine.loader.find(storeID)
  }

  // --- transactions ---

  /**
   * Runs `deed` in a write transaction, or in a savepoint inside one, and returns what it returns. When it throws,
   * everything it did to this store is undone, on disk and in memory.
   * @throws StoreBusyError after the busy timeout, StoreSealedError while the store is being moved; `deed` has not run.
   */
  transact<T>(deed: () => T, options: TransactOptions = {}): T {
    assertNotAsync(deed)
    return this.engine.transactions.write(deed, options)
  }

  /**
   * Begins a write transaction, or a savepoint inside one, that is open until it is told to end; {@link Store.transact}
   * is the usual way.
   * @throws StoreBusyError after the busy timeout, StoreSealedError while the store is being moved; nothing has begun.
   */
  begin(options: TransactOptions = {}): OpenTransaction {
    return this.engine.transactions.begin(options)
  }

  /** Runs `deed` so that all it reads belongs to one moment. It cannot write. */
  snapshot<T>(deed: () => T): T {
    assertNotAsync(deed)
    return this.engine.transactions.read(deed)
  }

  /** A number that is another one as soon as anybody has changed an item; it means nothing else. */
  get moment(): number {
    this.engine.lookAround()
    // What a transaction has changed counts from now on.
    this.engine.flush()
    return this.engine.moment
  }

  get inTransaction(): boolean {
    return this.engine.transactions.isWriting
  }

  /**
   * Moves what lies in the write-ahead log into the database file, where that takes no more than `patience`
   * milliseconds of waiting for others; a copy of the file is then quick. What the store holds does not change. A store
   * that is open for reading only is left alone: SQLite would try all the same, and fail as if the disk were broken.
   */
  emptyLog(patience: number): void {
    if (!this.readonly) this.#connection.emptyLog(patience)
  }

  /** Who may write this store; null while it has never been moved. */
  readFence(): Fence | null {
    return readFenceRow(this.#connection)
  }

  // --- powerups ---

  /** Makes `powerup` answer for an interface on this store; without one, for those that its type names. */
  powerUp<T = unknown>(powerup: Answerer<NoInfer<T>>, face?: Interface<T>, priority = 0): void {
    this.powerups.add(this, powerup, face, priority)
  }

  powerDown(powerup: Item, face?: Interface): void {
    this.powerups.remove(this, powerup, face)
  }

  /** Highest priority first, one in memory before all; ties in the order of their coming. */
  powerupsFor<T>(face: Interface<T>): T[] {
    return this.powerups.of(this, face)
  }

  // --- what needs no code of the types ---

  /** Every version of every item type here, in the order of their coming. */
  typesOnDisk(): readonly TypeOnDisk[] {
    this.engine.lookAround()
    return this.engine.schema.types
  }

  /** Rows of a type by storeID, whether or not its code is loaded. */
  rowsOf(type: TypeOnDisk, selection: RowSelection = {}): Iterable<GenericRow> {
    this.engine.flush()
    return genericRows(this.#connection, type, selection)
  }

  /** What refers to an item, or for −1 to the store itself. */
  referrersOf(storeID: number): Iterable<Referrer> {
    this.engine.flush()
    return referrers(this.#connection, this.typesOnDisk(), storeID)
  }

  countOf(type: TypeOnDisk): number {
    this.engine.flush()
    return Number(this.#connection.prepare(`SELECT count(*) FROM ${quoteName(type.table)}`).get()?.[0] ?? 0)
  }

  /** The type of whatever has the storeID; undefined for nothing and for deleted items. */
  typeNameOf(storeID: number | null): string | undefined {
    return storeID === null ? undefined : this.findTypeOf(storeID)?.typeName
  }

  /** The same with its version and attributes. */
  findTypeOf(storeID: number): TypeOnDisk | undefined {
    return this.engine.loader.findType(storeID)
  }

  /** The number that a reference holds, whether or not the referent can be loaded. */
  storedReference(item: Item, attribute: string): number | null {
    this.engine.loader.freshen(item)
    const { position } = (item.constructor as ItemConstructor).itemType.named(attribute)
    const stored = item[STATE].row[position] ?? null
    return stored === null ? null : Number(stored)
  }

  // --- files ---

  /**
   * The absolute path of a file or directory below `files/`; nothing is made (the original's `newFilePath` and
   * `newDirectory`). @throws InvalidInputError for names that lead elsewhere, NoFilesAreaError.
   */
  filePath(...segments: readonly string[]): string {
    if (this.#files === null) throw new NoFilesAreaError(`${this.describe()} has no place for files`)
    return safeJoin(this.#files, ...segments)
  }

  /** Where something in `temp/` would be; nothing is made. @throws as {@link Store.filePath}. */
  newTemporaryFilePath(...segments: readonly string[]): string {
    if (this.temporaryDirectory === null) throw new NoFilesAreaError(`${this.describe()} has no place for files`)
    return safeJoin(this.temporaryDirectory, ...segments)
  }

  /**
   * A new file below `files/`, written aside until it is closed.
   * @throws InvalidPathError, NoFilesAreaError, ReadOnlyStoreError, DiskFullError; nothing was made.
   */
  newFile(...segments: readonly string[]): StoreFile {
    if (segments.length === 0) throw new InvalidPathError('a new file has a name')
    this.engine.transactions.assertMayWrite()
    return new StoreFile(this, this.filePath(...segments), this.newTemporaryFilePath())
  }

  /** True when the directory of the store is there. */
  static exists(directory: string): boolean {
    return existsSync(join(directory, 'db.sqlite'))
  }
}
