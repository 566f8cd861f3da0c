/**
 * The scheduler of a running node: runs the events of the site's store, and by the hooks there those of its user
 * stores, at their times.
 *
 * A node has many users and opens one of their stores at a time, when the hook for it is due. All events, whichever
 * store they are in, run in the order of their times; at most ten, then whatever else waits in this process gets its
 * turn. What came due while no node was running runs first.
 *
 * A user store that is busy or sealed is visited again a little later. One that is missing or damaged is recorded as a
 * failure of its hook, whose event is deleted as any other's; the hook stays, and the next event that is scheduled in
 * that store, or the next start of a node, sets it again. An event whose item has no code here keeps its time and its
 * hook; now and then a look is taken whether there is code by now.
 *
 * Other processes schedule too, so the scheduler never sleeps for long. What this process schedules wakes it.
 */
import type { Clock } from '../base/clock.js'
import type { Site } from '../site/site.js'
import { Timestamp } from '../store-engine/attributes/timestamp.js'
import { rearmHooks } from './rearm-hooks.js'
import { SiteRunner, type SiteRunnerOptions } from './site-runner.js'
import { onScheduled } from './wake-ups.js'

export interface SiteSchedulerOptions extends SiteRunnerOptions {
  /** Told what keeps the scheduler itself from working, such as a busy site. It goes on after `longestSleep`. */
  readonly onTrouble: (error: unknown) => void
  /** Default: the site's. */
  readonly clock?: Clock
  /** Milliseconds after which a look is taken even when nothing is known to be due. Default 5000. */
  readonly longestSleep?: number
}

export class SiteScheduler implements Disposable {
  readonly #site: Site
  readonly #runner: SiteRunner
  readonly #clock: Clock
  readonly #onTrouble: (error: unknown) => void
  readonly #longestSleep: number
  #listening: Disposable | undefined
  #timer: NodeJS.Timeout | undefined
  #wakesAt: Timestamp | null = null
  #isRearmed = false

  constructor(site: Site, options: SiteSchedulerOptions) {
    this.#site = site
    this.#runner = new SiteRunner(site.store, options)
    this.#clock = options.clock ?? site.clock
    this.#onTrouble = options.onTrouble
    this.#longestSleep = options.longestSleep ?? 5000
  }

  /** Begins to run events, on a later turn; does nothing when it has begun. Keeps the process alive until `stop`. */
  start(): void {
    if (this.#listening !== undefined) return
    this.#listening = onScheduled(this.#site.store, (event, when) => this.#wake(event, when))
    this.#isRearmed = false
    this.#sleep(0)
  }

  /** Runs no more events, and leaves nothing that would keep the process alive. Can be started again. */
  stop(): void {
    this.#listening?.[Symbol.dispose]()
    this.#listening = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  /** Runs up to ten due events now, started or not; see {@link SiteRunner.tick}. Returns how many. */
  tick(now: Timestamp = this.#now()): number {
    return this.#runner.tick(now)
  }

  #work(): void {
    this.#timer = undefined
    let pause = this.#longestSleep
    try {
      if (!this.#isRearmed) rearmHooks(this.#site.store, this.#now())
      this.#isRearmed = true
      this.tick()
      pause = this.#pauseUntil(this.#runner.next())
    } catch (error) {
      this.#onTrouble(error)
    }
    if (this.#listening !== undefined) this.#sleep(pause)
  }

  /** While events run there is no timer; the one that is set afterwards knows of what they have scheduled. */
  #wake(event: number, when: Timestamp): void {
    this.#runner.hurry(event, when)
    if (this.#timer !== undefined) this.#sleep(Math.min(this.#pauseUntil(when), this.#pauseUntil(this.#wakesAt)))
  }

  #sleep(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#wakesAt = this.#now().plus(milliseconds)
    this.#timer = setTimeout(() => this.#work(), milliseconds)
  }

  #pauseUntil(when: Timestamp | null): number {
    if (when === null) return this.#longestSleep
    const microseconds = when.microseconds - this.#clock()
    return Math.min(this.#longestSleep, Math.max(0, Math.ceil(Number(microseconds) / 1000)))
  }

  #now(): Timestamp {
    return Timestamp.fromMicroseconds(this.#clock())
  }
}
