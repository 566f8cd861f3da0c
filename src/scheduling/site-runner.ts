import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import { ConstraintError } from '../store-engine/errors.js'
import type { Store } from '../store-engine/store.js'
import { type DueEvent, findNextEvent } from './due-events.js'
import { isPassing } from './errors.js'
import type { EventOutcome, EventReport } from './event-report.js'
import { earlier, HeldEvents } from './held-events.js'
import { EVENTS_PER_TICK, isNoLater, reportWithoutCode } from './run-due-events.js'
import { runEvent } from './run-event.js'
import { recordFailure } from './settle-failure.js'
import { SubSchedulerParentHook, TimedEvent } from './timed-event.js'
import { type Visit, visitUserStore } from './visit-user-store.js'

export interface SiteRunnerOptions {
  /** Told of every event that was tried, and once of an event without code. */
  readonly report?: ((report: EventReport) => void) | undefined
  /** Milliseconds to wait for another writer of a user store. Default 50: meanwhile this process does nothing else. */
  readonly busyTimeout?: number | undefined
}

/** Milliseconds until an event is tried again that met a busy or a sealed store. */
const HELD_UP = 5000

/** Milliseconds until a look is taken whether there is code by now for an event that was left. */
const LEFT = 60_000

/** A step's time, and how many events it may still run. */
interface Turn {
  readonly now: Timestamp
  readonly limit: number
}

/** Runs what is due at a site, in its own store and by the hooks in those of its users, in the order of the times. */
export class SiteRunner {
  readonly #store: Store
  readonly #report: (report: EventReport) => void
  readonly #busyTimeout: number
  readonly #held = new HeldEvents()

  constructor(siteStore: Store, options: SiteRunnerOptions = {}) {
    this.#store = siteStore
    this.#report = oncePerLeftEvent(options.report ?? (() => {}))
    this.#busyTimeout = options.busyTimeout ?? 50
  }

  /**
   * Runs up to ten events that are due at `now`; a look into a user store that finds none counts as one. Returns how
   * many.
   *
   * @throws what forbids to read or write the site's own store, such as StoreBusyError.
   */
  tick(now: Timestamp): number {
    if (this.#store.inTransaction) throw new ConstraintError('a site runs its events outside of any transaction')
    this.#held.release(now)
    let tried = 0
    while (tried < EVENTS_PER_TICK) {
      const due = this.#findNext(now)
      if (due === undefined) break
      tried += this.#step(due, { now, limit: EVENTS_PER_TICK - tried })
    }
    reportWithoutCode(this.#store, { notAfter: now, also: SubSchedulerParentHook }, this.#report)
    return tried
  }

  /** When there is something to do; null when nothing is known of. */
  next(): Timestamp | null {
    return earlier(this.#findNext()?.time ?? null, this.#held.next())
  }

  /** Something is to happen at `when` in the store that a hook's event stands for. */
  hurry(event: number, when: Timestamp): void {
    this.#held.hurry(event, when)
  }

  #findNext(notAfter?: Timestamp, besides: readonly number[] = []): DueEvent | undefined {
    const without = [...this.#held.ids(), ...besides]
    return findNextEvent(this.#store, { notAfter, without, also: SubSchedulerParentHook })
  }

  #step(due: DueEvent, turn: Turn): number {
    if (this.#store.typeNameOf(due.runnable) === SubSchedulerParentHook.itemType.typeName) return this.#look(due, turn)
    const ended = runEvent(this.#store, due, turn.now)
    if (ended === undefined || ended.outcome === 'postponed') this.#held.hold(due.id, turn.now.plus(HELD_UP))
    else if (ended.outcome === 'left') this.#held.hold(due.id, turn.now.plus(LEFT))
    else if (isNoLater(this.#store, due)) this.#held.hold(due.id, turn.now)
    if (ended === undefined) return 0
    this.#report(ended)
    return 1
  }

  /** Looks into the user store of a hook. Whatever is wrong there concerns nobody else. */
  #look(due: DueEvent, { now, limit }: Turn): number {
    const event = this.#store.findItemById(due.id)
    if (!(event instanceof TimedEvent)) {
      this.#held.hold(due.id, now.plus(HELD_UP))
      return 0
    }
    const options = {
      limit,
      notAfter: this.#findNext(now, [due.id])?.time,
      report: this.#report,
      busyTimeout: this.#busyTimeout,
    }
    try {
      const visit = visitUserStore(event, now, options)
      this.#holdStuck(due, visit, now)
      return Math.max(1, visit.tried)
    } catch (error) {
      if (isPassing(error)) this.#hold(due, error, now)
      else this.#fail(event, due, { now, error })
      return 1
    }
  }

  /**
   * A hook that has not moved on is due again at once, before all others. So it waits for the next tick; where the event
   * that keeps it there stays, for the next one of the store that can be run.
   */
  #holdStuck(hook: DueEvent, { earliest, next, isHeldUp }: Visit, now: Timestamp): void {
    if (earliest === null || earliest.compare(hook.time) > 0) return
    const again = next?.compare(earliest) === 0 ? now : now.plus(isHeldUp ? HELD_UP : LEFT)
    this.#held.hold(hook.id, earlier(next, again) ?? again)
  }

  #hold(due: DueEvent, error: unknown, now: Timestamp): void {
    this.#held.hold(due.id, now.plus(HELD_UP))
    this.#tell(due, 'postponed', error)
  }

  /** Records that a user store cannot be looked into. The hook stays, without an event. */
  #fail(event: TimedEvent, due: DueEvent, failure: { readonly now: Timestamp; readonly error: unknown }): void {
    try {
      this.#store.transact(() => {
        if (!event.isStored) return
        recordFailure(event, failure)
        event.deleteFromStore()
      })
      this.#tell(due, 'failed', failure.error)
    } catch (error) {
      this.#hold(due, error, failure.now)
    }
  }

  #tell({ id: event, runnable, time }: DueEvent, outcome: EventOutcome, error: unknown): void {
    const type = SubSchedulerParentHook.itemType.typeName
    this.#report({ store: this.#store.describe(), event, runnable, type, time, outcome, error })
  }
}

/** An event without code is met at every look, and there is nothing new to tell of it. */
function oncePerLeftEvent(report: (report: EventReport) => void): (report: EventReport) => void {
  const told = new Set<string>()
  return each => {
    const key = `${each.event} ${each.store}`
    if (each.outcome === 'left' && told.has(key)) return
    if (each.outcome === 'left') told.add(key)
    report(each)
  }
}
