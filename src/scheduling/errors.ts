import { InvalidInputError, NotFoundError } from '../base/errors.js'
import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import { DiskFullError } from '../store-engine/database/sqlite-errors.js'
import { StoreBusyError, StoreMovedError, StoreSealedError } from '../store-engine/errors.js'
import type { Item } from '../store-engine/items/item.js'

/** The class of the item has no `run` method that could be called at a time, or an asynchronous one. Nothing was scheduled. */
export class NotRunnableError extends InvalidInputError {
  constructor(what: string, why: string) {
    super(`${what} cannot be scheduled: ${why}`, {
      code: 'NOT_RUNNABLE',
      hint: 'give its class a method run() that returns the next time, or null; it runs inside a transaction',
    })
  }
}

/** The item has no event at that time, apart from the one that is running. Nothing was changed. */
export class NoSuchEventError extends NotFoundError {
  constructor(runnable: Item, when: Timestamp) {
    super(`${runnable} is not scheduled to run at ${when.toIso()}`, { code: 'NO_SUCH_EVENT' })
  }
}

const PASSING = [StoreBusyError, StoreSealedError, StoreMovedError, DiskFullError]

/** Whether an error says nothing about the event: the store is held or being moved, or the disk is full just now. */
export function isPassing(error: unknown): boolean {
  return PASSING.some(each => error instanceof each)
}
