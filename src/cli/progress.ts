/**
 * Progress of something that takes longer than a second, on standard error: on a terminal a line that is redrawn, with
 * how much is done, the rate and the time left; elsewhere a plain line every ten seconds; with `--quiet` nothing.
 */
import { formatDuration, formatSize } from '../base/duration-size.js'
import type { CliEnv } from './cli-env.js'
import type { CommandContext } from './command-context.js'

export interface ProgressOptions {
  /** What is going on: `creating accounts`. */
  readonly label: string
  /** Undefined where it cannot be known beforehand. */
  readonly total?: number
  readonly unit: 'bytes' | 'items'
}

/** Dispose it (`using`) before anything else is printed, or {@link Progress.hide} it meanwhile. */
export interface Progress extends Disposable {
  /**
   * How much is done now, counted from the start.
   *
   * @param bytes - how many bytes the items so far came to, where they are counted too; the rate is theirs then.
   */
  reached(done: number, bytes?: number): void
  /** How much there will be, where that is known only now. */
  expects(total: number): void
  /** Takes the line away until it is drawn again. */
  hide(): void
}

const REDRAW_MS = 100
const PLAIN_MS = 10_000
const SILENT_MS = 1000
const BAR = 20

export function startProgress(context: CommandContext, options: ProgressOptions): Progress {
  if (context.options.quiet) return { reached() {}, expects() {}, hide() {}, [Symbol.dispose]() {} }
  return new ProgressReporter(context.env, options)
}

class ProgressReporter implements Progress {
  readonly #env: CliEnv
  #options: ProgressOptions
  readonly #redraws: boolean
  readonly #started: number
  #reported: number
  #drawn = false

  constructor(env: CliEnv, options: ProgressOptions) {
    this.#env = env
    this.#options = options
    this.#redraws = env.stderr.isTerminal && env.variables['TERM'] !== 'dumb'
    this.#started = this.#now()
    this.#reported = this.#started
  }

  reached(done: number, bytes?: number): void {
    const now = this.#now()
    const pause = this.#redraws ? REDRAW_MS : PLAIN_MS
    if (now - this.#started < SILENT_MS || now - this.#reported < pause) return
    this.#reported = now
    const line = progressLine(this.#options, done, now - this.#started, bytes)
    this.#write(this.#redraws ? `\r${line.slice(0, this.#env.stderr.columns - 1)}\u001b[K` : `${line}\n`)
    this.#drawn = this.#redraws
  }

  expects(total: number): void {
    this.#options = { ...this.#options, total }
  }

  [Symbol.dispose](): void {
    this.hide()
  }

  hide(): void {
    if (this.#drawn) this.#write('\r\u001b[K')
    this.#drawn = false
  }

  /** Nobody waits for a progress line, and one that cannot be written is no failure. */
  #write(text: string): void {
    this.#env.stderr.write(text).catch(() => {})
  }

  #now(): number {
    return Number(this.#env.clock() / 1000n)
  }
}

/**
 * `copying [#####               ] 25% 10.0 MiB of 40.0 MiB, 5.0 MiB/s, 6.0 s left`; with bytes beside items
 * `moving [#####               ] 25% 10 of 40, 34.0 MiB, 5.0 MiB/s, 6.0 s left`.
 */
export function progressLine(options: ProgressOptions, done: number, milliseconds: number, bytes?: number): string {
  const { label, total } = options
  const amount = (count: number): string =>
    options.unit === 'bytes' ? formatSize(Math.round(count)) : String(Math.round(count))
  const perSecond = (count: number): number => (milliseconds > 0 ? (count * 1000) / milliseconds : 0)
  const speed =
    bytes === undefined
      ? `${amount(perSecond(done))}/s`
      : `${formatSize(bytes)}, ${formatSize(Math.round(perSecond(bytes)))}/s`
  if (total === undefined || total <= 0) return `${label} ${amount(done)}, ${speed}`
  const share = Math.min(1, done / total)
  const filled = Math.floor(share * BAR)
  const left = done > 0 ? `, ${formatDuration(((total - done) * 1000) / perSecond(done))} left` : ''
  const bar = `[${'#'.repeat(filled)}${' '.repeat(BAR - filled)}]`
  return `${label} ${bar} ${Math.floor(share * 100)}% ${amount(done)} of ${amount(total)}, ${speed}${left}`
}
