import type { RetryPolicy } from '../../src/scheduling/runnable.js'
import type { TimedEvent } from '../../src/scheduling/timed-event.js'
import { bigInteger, integer, text } from '../../src/store-engine/attributes/attributes.js'
import { Timestamp } from '../../src/store-engine/attributes/timestamp.js'
import { item } from '../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../src/store-engine/items/registry.js'
import type { Store } from '../../src/store-engine/store.js'

const spec = { version: 1, module: 'axiom.item' } as const

/** A moment in microseconds. */
export const at = (microseconds: number | bigint) => Timestamp.fromMicroseconds(BigInt(microseconds))

/** Names of the jobs that have run, in their order, whatever became of their transactions. */
export const journal: string[] = []

/** Runs once, or again after `every` microseconds; `act`, in memory only, is what else it does. */
export class Job extends item({
  ...spec,
  typeName: 'scheduling_job',
  attributes: { name: text(), ran: integer({ allowNull: false, default: 0 }), every: bigInteger() },
}) {
  act: (() => unknown) | undefined

  run(): Timestamp | null {
    this.ran += 1
    journal.push(`${this.name}`)
    const next = this.act?.()
    if (next !== undefined) return next as Timestamp | null
    return this.every === null ? null : at(this.every * BigInt(this.ran))
  }
}

/** Always fails, after it has changed something. */
export class Failing extends item({
  ...spec,
  typeName: 'scheduling_failing',
  attributes: { ran: integer({ allowNull: false, default: 0 }) },
}) {
  run(): null {
    this.ran += 1
    this.store.create(Job, { name: 'half done' })
    throw new Error('out of luck', { cause: new Error('no luck') })
  }
}

/** Fails, and decides itself what follows. */
export class Handling extends item({
  ...spec,
  typeName: 'scheduling_handling',
  attributes: { ran: integer({ allowNull: false, default: 0 }), handled: text(), next: bigInteger() },
}) {
  handle: (() => never) | undefined

  run(): null {
    this.ran += 1
    throw new Error('out of luck')
  }

  timedEventErrorHandler(event: TimedEvent, error: unknown): Timestamp | null {
    this.handle?.()
    this.handled = `${event.time?.microseconds} ${(error as Error).message}`
    return this.next === null ? null : at(this.next)
  }
}

/** Fails as long as it is told to, and is tried again. */
export class Persistent extends item({
  ...spec,
  typeName: 'scheduling_persistent',
  attributes: { failures: integer({ allowNull: false, default: 0 }), ran: integer({ allowNull: false, default: 0 }) },
}) {
  static fails = true
  readonly retryPolicy: RetryPolicy = { attempts: 4, initialDelay: 10, factor: 3, maxDelay: 50 }

  run(): null {
    if (Persistent.fails) throw new Error('not yet')
    this.ran += 1
    return null
  }
}

/** Cannot be scheduled. */
export class Idle extends item({ ...spec, typeName: 'scheduling_idle', attributes: { name: text() } }) {}

export class Asynchronous extends item({ ...spec, typeName: 'scheduling_async', attributes: { name: text() } }) {
  async run(): Promise<null> {
    return null
  }
}

registerItemTypes(Job, Failing, Handling, Persistent, Idle, Asynchronous)

/** A new job, which is not scheduled. */
export function job(store: Store, name: string, every?: bigint): Job {
  return store.create(Job, { name, ...(every === undefined ? {} : { every }) })
}
