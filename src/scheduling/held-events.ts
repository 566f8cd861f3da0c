import type { Timestamp } from '../store-engine/attributes/timestamp.js'

/** Events that stay where they are in the store and are not looked at before some later time; in memory only. */
export class HeldEvents {
  readonly #until = new Map<number, Timestamp>()
  #released: Timestamp | undefined

  hold(event: number, until: Timestamp): void {
    this.#until.set(event, until)
  }

  /** Something else is to happen there: an event that is held is looked at by then. */
  hurry(event: number, when: Timestamp): void {
    const until = this.#until.get(event)
    if (until !== undefined && when.compare(until) < 0) this.#until.set(event, when)
  }

  /** Lets go those whose time has come, and all where the clock was set back: their times mean nothing then. */
  release(now: Timestamp): void {
    if (this.#released !== undefined && now.compare(this.#released) < 0) this.#until.clear()
    this.#released = now
    for (const [event, until] of this.#until) if (until.compare(now) <= 0) this.#until.delete(event)
  }

  ids(): Iterable<number> {
    return this.#until.keys()
  }

  /** When the first of them is looked at again. */
  next(): Timestamp | null {
    return earlier(null, ...this.#until.values())
  }
}

/** The earliest of some times, where null is no time at all. */
export function earlier(...times: readonly (Timestamp | null)[]): Timestamp | null {
  return times.reduce((a, b) => (a === null || (b !== null && b.compare(a) < 0) ? b : a), null)
}
