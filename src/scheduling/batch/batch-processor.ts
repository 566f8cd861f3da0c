/**
 * Batch processing: work that is to be done once for every item of a type, those that exist and those that will come.
 *
 * A processor is an item of a type that is made for the type of its items. Listeners are registered with it, and every
 * listener is given every item, one at a time: first those that were asked for again, then the new ones as they come,
 * then the old ones, backwards from where the listener began.
 *
 * Each item has its turn with each listener exactly once, whatever is killed and however many processes work at it:
 * what a listener does in the store and the mark that it has done so are one transaction. When a listener throws, what
 * it did is undone, the failure is recorded, and the next item has its turn; `addItem` gives the item again.
 *
 * Listeners of the style `local` get their turns from the scheduler of the store, those of the style `remote` from a
 * BatchWorker, which is a thread of its own.
 */
import type { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { Item, type ItemConstructor } from '../../store-engine/items/item.js'
import { defineInterface } from '../../store-engine/powerups/interface.js'

/** Where a listener's work is done. */
export type BatchStyle = 'local' | 'remote'

/** What a style is on disk. */
export const STYLE_NUMBER: Readonly<Record<BatchStyle, number>> = { local: 0, remote: 1 }

/** An item that takes the items of a processor. */
export interface BatchListener<I extends Item = Item> {
  /** Runs in a transaction of its store, with the unit of work alone; what it changed is undone when it throws. */
  processItem(unit: I): void
}

/** A listener that failed with an item. */
export interface BatchFailure {
  /** Null where it has been deleted since. */
  readonly listener: Item | null
  readonly item: Item | null
  readonly message: string
}

export interface StepOutcome {
  /** How many items were given, failures included. */
  readonly given: number
  readonly failures: readonly BatchFailure[]
  /** Whether there is something left to give. */
  readonly more: boolean
}

/** An item that gives the items of one type to its listeners. */
export interface BatchProcessor<I extends Item = Item> extends Item {
  /** Milliseconds between two steps of the scheduler while there is work. */
  busyInterval: number | null
  /** When the scheduler will run it next; null when it is not going to. */
  scheduled: Timestamp | null
  /** The class of the items. */
  readonly unitClass: ItemConstructor<I>
  /**
   * Gives the listener every item of the type from now on, and those that exist. A listener that is registered already
   * stays as it is, with its style.
   * @throws ConstraintError for an item without a synchronous method `processItem`; nothing is registered.
   */
  addReliableListener(listener: Item & BatchListener<I>, style?: BatchStyle): void
  /** Forgets a listener with its failures and what it was to be given again. One that is not registered is no error. */
  removeReliableListener(listener: Item): void
  /** In the order of their registration; without those that were deleted. */
  getReliableListeners(): Item[]
  /**
   * Gives an item to a listener that has had it already, and forgets that it failed. Where its turn is still to come,
   * nothing changes. @throws ConstraintError for an item of another type or a listener that is not registered.
   */
  addItem(listener: Item, unit: I): void
  getFailedItems(): BatchFailure[]
  /** To be called after items were created: has the scheduler look, unless it is going to. */
  itemAdded(): void
  /** Gives one item to each listener of a style. Writes nothing when there is nothing to give. */
  step(style?: BatchStyle): StepOutcome
  /** For the scheduler: a step of the style `local`. Returns when to run again; null when there is nothing left. */
  run(): Timestamp | null
}

/** What a processor is on its store. */
export const IBatchProcessor = defineInterface<BatchProcessor>('axiom.iaxiom.IBatchProcessor')

/** What a store names as its powerup can be an item of any type. */
export function isBatchProcessor(powerup: unknown): powerup is BatchProcessor {
  return powerup instanceof Item && 'unitClass' in powerup
}
