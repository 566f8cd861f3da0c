/** Calls back when nobody has touched it for so many milliseconds after its start. */
export class IdleTimer {
  readonly #patience: number
  readonly #whenIdle: () => void
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(patience: number, whenIdle: () => void) {
    this.#patience = patience
    this.#whenIdle = whenIdle
  }

  get seconds(): number {
    return this.#patience / 1000
  }

  /** Begins anew where it runs already. */
  start(): void {
    this.stop()
    this.#timer = setTimeout(this.#whenIdle, this.#patience)
  }

  /** Does nothing where it does not run. */
  touch(): void {
    this.#timer?.refresh()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
