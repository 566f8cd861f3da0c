import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import type { Item, ItemConstructor } from '../store-engine/items/item.js'
import { findItemClass } from '../store-engine/items/registry.js'
import type { Store } from '../store-engine/store.js'
import { NotRunnableError } from './errors.js'
import type { TimedEvent } from './timed-event.js'

/** When to run next; null or undefined: no more. */
export type NextTime = Timestamp | null | undefined

/**
 * An item that can be scheduled. `run` is a method of its class and does its work in the transaction it is called in:
 * what it has changed in its store is undone when it throws.
 */
export interface Runnable extends Item {
  /** Returns when the same event is to happen again. */
  run(): NextTime
  /**
   * Called in a transaction of its own after `run` has thrown and its changes are undone; decides what becomes of the
   * event, in place of a failure log and of a retry policy. When it throws too, both errors are recorded.
   */
  timedEventErrorHandler?(event: TimedEvent, error: unknown): NextTime
  /** Without one (and without a handler) an event that fails is recorded and not tried again. */
  readonly retryPolicy?: RetryPolicy
}

/** How an event that fails is tried again. Times are milliseconds. */
export interface RetryPolicy {
  /** How often an event is tried in all, the first time included. */
  readonly attempts: number
  readonly initialDelay: number
  /** By what each delay is longer than the one before. */
  readonly factor: number
  readonly maxDelay: number
}

/** @throws NotRunnableError; the class decides, since an event may run in another process than this. */
export function assertRunnable(runnable: Item): void {
  const { itemType, prototype } = runnable.constructor as ItemConstructor & { readonly prototype: object }
  const what = `item ${runnable.storeID}, a ${itemType.typeName},`
  const run: unknown = Reflect.get(prototype, 'run')
  if (typeof run !== 'function') throw new NotRunnableError(what, 'it has no method run()')
  if (isAsync(run)) throw new NotRunnableError(what, 'its run() is asynchronous and would outlive its transaction')
}

/** Whether an item is one that the scheduler may call. */
export function isRunnable(item: Item | Store): item is Runnable {
  return hasRun(item.constructor.prototype as object)
}

/** Whether there is code to run items of a type; what a store holds for other types is left alone. */
export function isRunnableType(typeName: string): boolean {
  const itemClass = findItemClass(typeName)
  return itemClass !== undefined && hasRun(itemClass.prototype as object)
}

function hasRun(prototype: object): boolean {
  const run: unknown = Reflect.get(prototype, 'run')
  return typeof run === 'function' && !isAsync(run)
}

function isAsync(run: object): boolean {
  return Object.prototype.toString.call(run) === '[object AsyncFunction]'
}

/**
 * When an event that has failed `failures` times in a row is tried again; null when it is given up, and where the
 * policy makes no sense, such as a delay of a thousand years.
 */
export function nextAttempt(policy: RetryPolicy, failures: number, now: Timestamp): Timestamp | null {
  if (!(failures < policy.attempts)) return null
  const delay = Math.min(policy.maxDelay, policy.initialDelay * policy.factor ** (failures - 1))
  return delay >= 0 && delay <= LONGEST_DELAY ? now.plus(Math.round(delay)) : null
}

/** A thousand years in milliseconds: what is added to a time of today still fits into its column. */
const LONGEST_DELAY = 1000 * 365 * 86_400_000
