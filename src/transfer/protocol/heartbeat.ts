/**
 * How a coordinator shows in the source's journal that its move makes progress, so that anybody can tell one that works
 * from one that was stopped and keeps a user frozen.
 *
 * Progress is a step, or bytes that were copied or hashed. Some work is silent though (SQLite copying or checking a
 * large database in another thread): then a timer beats on, but only for as long as such work may take for so many
 * bytes, so that work that hangs is found as well. A beat is written at most once a second, and one that cannot be
 * written is left out: it never fails the move.
 */
import { MantissaError } from '../../base/errors.js'
import type { JsonObject } from '../../base/json.js'
import { bootId, monotonicMilliseconds, ownPid } from '../../base/this-process.js'
import type { Site } from '../../site/site.js'
import { beatTransfer } from '../../site/transfers-journal.js'

const SHORTEST_INTERVAL_MS = 1000
/** Whoever finds the journal locked waits for it; so it is not tried again at once. */
const AFTER_FAILURE_MS = 10_000
const SHORTEST_SILENCE_MS = 10_000
/** A careful guess of how fast a database is copied or checked. */
const SILENT_BYTES_PER_MS = 10_000

export class Heartbeat implements Disposable {
  readonly #site: Site
  readonly #id: string
  readonly #silenceMs: number
  readonly #timer: NodeJS.Timeout
  #progressed = monotonicMilliseconds()
  #next = 0

  /** @param databaseBytes - how much there is to be copied or checked in silence. */
  constructor(site: Site, id: string, databaseBytes: number) {
    this.#site = site
    this.#id = id
    this.#silenceMs = SHORTEST_SILENCE_MS + databaseBytes / SILENT_BYTES_PER_MS
    this.#timer = setInterval(() => this.#beatOn(), SHORTEST_INTERVAL_MS).unref()
  }

  /** Something was done. */
  progressed(): void {
    this.#progressed = monotonicMilliseconds()
    this.#write()
  }

  /** Takes bytes for progress, and tells whoever else wants to know of them. */
  counting(onBytes: ((bytes: number) => void) | undefined): (bytes: number) => void {
    return bytes => {
      this.progressed()
      onBytes?.(bytes)
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #beatOn(): void {
    if (monotonicMilliseconds() - this.#progressed < this.#silenceMs) this.#write()
  }

  #write(): void {
    if (monotonicMilliseconds() < this.#next) return
    const isWritten = tryToBeat(this.#site, this.#id)
    this.#next = monotonicMilliseconds() + (isWritten ? SHORTEST_INTERVAL_MS : AFTER_FAILURE_MS)
  }
}

/**
 * A beat as the journal holds it. Boot id and monotonic time, because a wall clock may jump and a monotonic one starts
 * anew with the machine.
 */
export function beatNow(): JsonObject {
  return { bootId: bootId(), monotonicMs: monotonicMilliseconds(), pid: ownPid() }
}

function tryToBeat(site: Site, id: string): boolean {
  try {
    beatTransfer(site, id, beatNow())
    return true
  } catch (error) {
    if (!(error instanceof MantissaError)) throw error
    return false
  }
}
