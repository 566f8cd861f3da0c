import { ConstraintError, ReadOnlyStoreError } from '../errors.js'
import type { Item } from '../items/item.js'
import type { Connection } from './connection.js'
import { type Ending, OpenTransaction } from './open-transaction.js'
import { FenceGuard } from './write-fence.js'

export interface TransactOptions {
  /** For those who change the fence itself. */
  readonly ignoreFence?: boolean
}

/** What a transaction, or a savepoint inside it, has done that memory must follow. */
export class Frame {
  /** The storeIDs of new rows. They are free again after a rollback, and what is loaded of them was never born. */
  readonly allotted: number[] = []
  readonly deleted: Item[] = []
  /** Items whose class wants to know of the commit. */
  readonly touched = new Set<Item>()

  absorb(inner: Frame): void {
    for (const storeID of inner.allotted) this.allotted.push(storeID)
    for (const item of inner.deleted) this.deleted.push(item)
    for (const item of inner.touched) this.touched.add(item)
  }
}

/** What the engine does around transactions. */
export interface TransactionListener {
  /** The snapshot of the transaction is taken: find out whether others have written. */
  begun(): void
  /** Write what is pending; before a savepoint and before a commit. */
  flush(): void
  committed(frame: Frame): void
  rolledBack(frame: Frame): void
}

/**
 * Write transactions and savepoints of one connection.
 *
 * The outermost takes SQLite's write lock at once (BEGIN IMMEDIATE), so that what was read inside is what is changed;
 * the fence of the store is read under that lock. Nested ones are savepoints: an inner failure that is caught undoes
 * the inner changes only, on disk and in memory. Where SQLite has undone more than that (a full disk), the outermost
 * fails with that error, whoever caught it on the way.
 */
export class Transactions implements Ending {
  readonly #connection: Connection
  readonly #listener: TransactionListener
  readonly #readonly: boolean
  readonly #fence: FenceGuard
  readonly #frames: Frame[] = []
  #reading = 0
  #afterCommit = false

  constructor(connection: Connection, listener: TransactionListener, readonly: boolean) {
    this.#connection = connection
    this.#listener = listener
    this.#readonly = readonly
    this.#fence = new FenceGuard(connection)
  }

  get isWriting(): boolean {
    return this.#frames.length > 0
  }

  get isOpen(): boolean {
    return this.isWriting || this.#reading > 0
  }

  /** The innermost frame. Only to be asked while writing. */
  get frame(): Frame {
    return this.#frames.at(-1) as Frame
  }

  write<T>(deed: () => T, options: TransactOptions = {}): T {
    const frame = this.#begin(options)
    try {
      const result = assertSynchronous(deed())
      this.commit(frame)
      return result
    } catch (error) {
      if (this.holds(frame)) this.rollBack(frame)
      throw error
    }
  }

  /** The same without a function: whoever begins it ends it, and until then everything written here belongs to it. */
  begin(options: TransactOptions = {}): OpenTransaction {
    return new OpenTransaction(this, this.#begin(options))
  }

  holds(frame: Frame): boolean {
    return this.#frames.includes(frame)
  }

  commit(frame: Frame): void {
    if (!this.holds(frame)) throw new ConstraintError('this transaction has ended already')
    if (this.frame !== frame) throw new ConstraintError('a transaction cannot be committed while one inside it is open')
    const depth = this.#frames.length - 1
    try {
      this.#listener.flush()
      if (depth === 0) this.#connection.commit()
      else this.#release(savepoint(depth))
    } catch (error) {
      this.rollBack(frame)
      throw error
    }
    this.#frames.pop()
    if (depth === 0) this.#runCommitHooks(frame)
    else this.frame.absorb(frame)
  }

  /** With those inside it. */
  rollBack(frame: Frame): void {
    const depth = this.#frames.indexOf(frame)
    for (const inner of this.#frames.splice(depth).slice(1)) frame.absorb(inner)
    if (depth === 0) this.#connection.rollBack()
    else this.#undoTo(savepoint(depth))
    this.#listener.rolledBack(frame)
  }

  /** Undoes whatever is open: the store is being closed. */
  abandon(): void {
    const [outermost] = this.#frames
    if (outermost !== undefined) this.rollBack(outermost)
  }

  /** Everything that `deed` reads belongs to one moment. Inside a transaction there is nothing to do. */
  read<T>(deed: () => T): T {
    if (this.isOpen) return deed()
    this.#connection.begin('DEFERRED')
    this.#reading += 1
    try {
      this.#listener.begun()
      return assertSynchronous(deed())
    } finally {
      this.#reading -= 1
      this.#connection.rollBack()
    }
  }

  #begin(options: TransactOptions): Frame {
    return this.isWriting ? this.#beginInside() : this.#beginOutermost(options)
  }

  #beginOutermost(options: TransactOptions): Frame {
    this.assertMayWrite()
    this.#connection.begin('IMMEDIATE')
    const frame = this.#push()
    try {
      this.#listener.begun()
      if (options.ignoreFence !== true) this.#fence.assertOpen()
    } catch (error) {
      this.rollBack(frame)
      throw error
    }
    return frame
  }

  #beginInside(): Frame {
    this.#connection.assertIntact()
    this.#listener.flush()
    this.#run(`SAVEPOINT ${savepoint(this.#frames.length)}`)
    return this.#push()
  }

  #push(): Frame {
    const frame = new Frame()
    this.#frames.push(frame)
    return frame
  }

  #release(savepoint: string): void {
    this.#connection.assertIntact()
    this.#run(`RELEASE ${savepoint}`)
  }

  /** Without the savepoint, or where it cannot be gone back to, the whole transaction is condemned. */
  #undoTo(savepoint: string): void {
    try {
      this.#connection.assertIntact()
      this.#run(`ROLLBACK TO ${savepoint}`)
      this.#run(`RELEASE ${savepoint}`)
    } catch (error) {
      this.#connection.condemn(error)
    }
  }

  #runCommitHooks(frame: Frame): void {
    this.#afterCommit = true
    try {
      this.#listener.committed(frame)
    } finally {
      this.#afterCommit = false
    }
  }

  /** @throws ReadOnlyStoreError or ConstraintError where a transaction could not begin for reasons known beforehand. */
  assertMayWrite(): void {
    const where = this.#connection.directory ?? 'the store in memory'
    if (this.#readonly) throw new ReadOnlyStoreError(`${where} was opened for reading only`)
    if (this.#reading > 0) throw new ConstraintError(`${where}: no writing inside a snapshot`)
    if (this.#afterCommit) throw new ConstraintError(`${where}: committed() and deleted() cannot change the store`)
  }

  #run(sql: string): void {
    this.#connection.prepare(sql).run()
  }
}

/** The name of the savepoint of the frame at that depth; the outermost is a transaction and has none. */
function savepoint(depth: number): string {
  return `s${depth}`
}

const PROMISED = 'a transaction takes a synchronous function: a promise would outlive the commit'

/** To be asked before anything is begun: an async function would go on writing after the rollback. */
export function assertNotAsync(deed: () => unknown): void {
  if (Object.prototype.toString.call(deed) === '[object AsyncFunction]') throw new ConstraintError(PROMISED)
}

function assertSynchronous<T>(result: T): T {
  if (typeof (result as { then?: unknown } | null | undefined)?.then !== 'function') return result
  if (result instanceof Promise) result.catch(() => {})
  throw new ConstraintError(PROMISED)
}
