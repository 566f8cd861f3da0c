import { formatDuration, formatSize } from '../../../base/duration-size.js'
import type { JsonObject } from '../../../base/json.js'
import type { MovedUser } from './moved-user-view.js'

/** In the details of the error that ends a batch; the report has had them all. */
const FAILURES_TOLD = 100

/** What a batch has come to so far; does not grow with it. */
export class BatchTally {
  readonly total: number
  /** Bytes copied and hashed, also of moves under way. */
  copied = 0
  #bytes = 0
  #longestFreezeMs = 0
  readonly #counts: Record<MovedUser['status'], number> = { moved: 0, already: 0, failed: 0, stopped: 0 }
  readonly #failures: { readonly address: string; readonly code: string | null }[] = []
  readonly #began = performance.now()

  /** @param total - how many users there were to begin with. */
  constructor(total: number) {
    this.total = total
  }

  count({ status, address, code, result }: MovedUser): void {
    this.#counts[status] += 1
    if (result !== null) {
      this.#bytes += result.bytes
      this.#longestFreezeMs = Math.max(this.#longestFreezeMs, result.freezeMs)
    }
    if (status === 'failed' && this.#failures.length < FAILURES_TOLD) this.#failures.push({ address, code })
  }

  get done(): number {
    const { moved, already, failed, stopped } = this.#counts
    return moved + already + failed + stopped
  }

  get failed(): number {
    return this.#counts.failed
  }

  get stopped(): number {
    return this.#counts.stopped
  }

  /** Nobody has begun with these. Somebody may have joined or left the site meanwhile. */
  get untried(): number {
    return Math.max(0, this.total - this.done)
  }

  get hasPending(): boolean {
    return this.#failures.some(({ code }) => code === 'TRANSFER_PENDING')
  }

  get #movesPerMinute(): number {
    return Math.round((this.#counts.moved * 60_000) / Math.max(1, performance.now() - this.#began))
  }

  /** `moved 8, already there 1, failed 1, not tried 0; 34.0 MiB, 930 moves a minute, longest freeze 40 ms` */
  summary(): string {
    const { moved, already, failed, stopped } = this.#counts
    return [
      `moved ${moved}, already there ${already}, failed ${failed},`,
      ...(stopped > 0 ? [`stopped ${stopped},`] : []),
      `not tried ${this.untried}; ${formatSize(this.#bytes)}, ${this.#movesPerMinute} moves a minute,`,
      `longest freeze ${formatDuration(this.#longestFreezeMs)}`,
    ].join(' ')
  }

  /** The same for programs, and the first of those who failed. */
  details(): JsonObject {
    const { moved, already, failed } = this.#counts
    return {
      failed: this.#failures.map(failure => ({ ...failure })),
      moved,
      already,
      failures: failed,
      untried: this.untried,
      bytes: this.#bytes,
      movesPerMinute: this.#movesPerMinute,
      longestFreezeMs: Math.round(this.#longestFreezeMs),
    }
  }
}
