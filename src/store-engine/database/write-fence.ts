import { DamagedStoreError, StoreSealedError } from '../errors.js'
import type { Connection } from './connection.js'

/**
 * Who may write a store. `sealed`: it is being moved away. `prepared`: it has arrived and its site does not know it
 * yet. `retired`: it was moved away. Only an `active` store can be written.
 */
export type FenceState = 'active' | 'sealed' | 'prepared' | 'retired'

export interface Fence {
  /** UUID of the store, whatever it is called and wherever it lies. */
  readonly storeId: string
  /** Raised at every change of ownership. */
  readonly epoch: number
  /** Identity of the site that owns the store. */
  readonly owner: string
  readonly state: FenceState
  /** The transfer under way, or the last one. */
  readonly transferId: string | null
  /**
   * Raised when the store is taken in from an archive, not when it moves. What was sent after the archive was made is
   * forgotten then, and its numbers are given out once more: store id, incarnation and number name a message.
   */
  readonly incarnation: number
}

/** The one-row table that carries the fence. A store without it is active at epoch 0. */
export const FENCE_TABLE = 'mantissa_fence'

export const CREATE_FENCE_TABLE = `CREATE TABLE IF NOT EXISTS ${FENCE_TABLE} (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    store_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    transfer_id TEXT,
    incarnation INTEGER NOT NULL DEFAULT 0
)`

/** The fence as it is in the current transaction; null when the store has never been moved. */
export function readFenceRow(connection: Connection): Fence | null {
  const row = readOwnership(connection)
  return row === null ? null : { ...row, incarnation: readIncarnation(connection) }
}

function readIncarnation(connection: Connection): number {
  const columns = connection.prepare(`PRAGMA table_info(${FENCE_TABLE})`).all()
  if (!columns.some(column => column[1] === 'incarnation')) return 0
  return Number(connection.prepare(`SELECT incarnation FROM ${FENCE_TABLE}`).get()?.[0] ?? 0)
}

/** What decides whether the store may be written: read at every transaction of a store that has a fence. */
function readOwnership(connection: Connection): Omit<Fence, 'incarnation'> | null {
  if (!hasFenceTable(connection)) return null
  const rows = connection.prepare(`SELECT store_id, epoch, owner, state, transfer_id FROM ${FENCE_TABLE} LIMIT 2`).all()
  const [row] = rows
  if (row === undefined) return null
  // The table of ours cannot hold two; which of them would be the fence?
  if (rows.length > 1) throw new DamagedStoreError(`${connection.directory ?? 'the store in memory'} has two fences`)
  const [storeId, epoch, owner, state, transferId] = row
  return {
    storeId: String(storeId),
    epoch: Number(epoch),
    owner: String(owner),
    state: String(state) as FenceState,
    transferId: transferId === null ? null : String(transferId),
  }
}

/** The fence of a store; null when it has never been moved. */
export function readFence(store: { readFence(): Fence | null }): Fence | null {
  return store.readFence()
}

function hasFenceTable(connection: Connection): boolean {
  const names = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
  return connection.prepare(names).get(FENCE_TABLE) !== undefined
}

/**
 * Keeps one connection from writing while the fence of its store is closed.
 *
 * Most stores have no fence, and looking through every name in the schema for one costs as much as a small transaction.
 * So it remembers at which state of the schema there was none: SQLite counts the changes of the schema, and tells when
 * another connection has committed, which may have put another file's content in the place of this one's.
 */
export class FenceGuard {
  readonly #connection: Connection
  #absentAt: { readonly schema: unknown; readonly others: unknown } | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** @throws StoreSealedError unless writing is allowed. To be called inside each write transaction before it writes. */
  assertOpen(): void {
    const schema = this.#read('PRAGMA schema_version')
    const others = this.#read('PRAGMA data_version')
    if (this.#absentAt?.schema === schema && this.#absentAt?.others === others) return
    this.#absentAt = hasFenceTable(this.#connection) ? undefined : { schema, others }
    if (this.#absentAt === undefined) assertActive(this.#connection)
  }

  #read(pragma: string): unknown {
    return this.#connection.prepare(pragma).get()?.[0]
  }
}

function assertActive(connection: Connection): void {
  const fence = readOwnership(connection)
  if (fence === null || fence.state === 'active') return
  const where = connection.directory ?? 'the store in memory'
  throw new StoreSealedError(`${where} is ${fence.state} and cannot be written`, {
    details: { path: where, state: fence.state, epoch: fence.epoch, transferId: fence.transferId },
  })
}
