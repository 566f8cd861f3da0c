/**
 * Changing who may write a user store. The fence itself, and the check that every write transaction makes, belong to
 * the store engine; who moves a store is the business of the layers above. Here is the one way to change it: a
 * compare-and-set in a transaction of that store, so that a coordinator that wakes up late changes nothing.
 */
import { ConflictError } from '../base/errors.js'
import { newUuid } from '../base/ids.js'
import type { Fence } from '../store-engine/database/write-fence.js'
import { CREATE_FENCE_TABLE, FENCE_TABLE } from '../store-engine/database/write-fence.js'
import type { Store } from '../store-engine/store.js'

/** What a fence must be for the change to happen; what is not named may be anything. */
export type ExpectedFence = Partial<Fence>

/**
 * The store's fence, made where there is none: a new store id, epoch and incarnation 0, active, owned by `owner`.
 * A store needs a name of its own before it can be moved.
 */
export function ensureFence(store: Store, owner: string): Fence {
  return (
    store.readFence() ??
    store.transact(() => {
      const existing = store.readFence()
      if (existing !== null) return existing
      const fence: Fence = { storeId: newUuid(), epoch: 0, owner, state: 'active', transferId: null, incarnation: 0 }
      writeFence(store, fence)
      return fence
    })
  )
}

/**
 * Writes a whole fence, whatever there was; for a store that has just been copied and that nobody else knows.
 *
 * The table is made anew: one from a stranger may hold rows that stay in force beside ours, or be spelt so that it is
 * written and never read.
 */
export function imposeFence(store: Store, fence: Fence): void {
  const write = () => {
    store.sql.exec(`DROP TABLE IF EXISTS ${FENCE_TABLE}`)
    writeFence(store, fence)
  }
  store.transact(write, { ignoreFence: true })
}

/**
 * Changes a fence that is as expected, and returns it as it is then. The state of the fence does not hinder it.
 *
 * @throws FenceMovedOnError when it is not as expected; nothing is changed.
 */
export function changeFence(store: Store, expected: ExpectedFence, next: Partial<Fence>): Fence {
  const change = () => {
    const current = store.readFence()
    if (current === null || !agrees(current, expected)) throw new FenceMovedOnError(store, current, expected)
    const changed = { ...current, ...next }
    writeFence(store, changed)
    return changed
  }
  return store.transact(change, { ignoreFence: true })
}

function agrees(fence: Fence, expected: ExpectedFence): boolean {
  return (Object.keys(expected) as (keyof Fence)[]).every(key => fence[key] === expected[key])
}

function writeFence(store: Store, fence: Fence): void {
  store.sql.exec(CREATE_FENCE_TABLE)
  if (!store.sql.all<{ name: string }>(`PRAGMA table_info(${FENCE_TABLE})`).some(({ name }) => name === 'incarnation'))
    store.sql.exec(`ALTER TABLE ${FENCE_TABLE} ADD COLUMN incarnation INTEGER NOT NULL DEFAULT 0`)
  store.sql.run(
    `INSERT OR REPLACE INTO ${FENCE_TABLE} (only, store_id, epoch, owner, state, transfer_id, incarnation)
      VALUES (1, ?, ?, ?, ?, ?, ?)`,
    ...[fence.storeId, fence.epoch, fence.owner, fence.state, fence.transferId, fence.incarnation],
  )
}

/** The fence is not what this step expects: somebody else has taken the store further. It was not changed. */
export class FenceMovedOnError extends ConflictError {
  constructor(store: Store, current: Fence | null, expected: ExpectedFence) {
    const found = current === null ? 'has no fence' : `is ${current.state} at epoch ${current.epoch}`
    super(`${store.directory} ${found}, not what this step expects`, {
      code: 'FENCE_MOVED_ON',
      hint: 'see where the store stands: mantissa transfer list',
      details: {
        directory: store.directory,
        fence: current === null ? null : { ...current },
        expected: { ...expected },
      },
    })
  }
}
