/** Milliseconds until a service that has failed is tried again of itself; twice as long each time, up to the longest. */
const FIRST = 5000
const LONGEST = 300_000

interface Failing {
  readonly pause: number
  readonly due: number
}

/** When services that do not start are to be tried again. */
export class Retries {
  readonly #failing = new Map<number, Failing>()

  isDue(id: number): boolean {
    return performance.now() >= (this.#failing.get(id)?.due ?? 0)
  }

  note(id: number, hasFailed: boolean): void {
    const pause = Math.min(LONGEST, (this.#failing.get(id)?.pause ?? FIRST / 2) * 2)
    this.forget(id)
    if (!hasFailed) return
    this.#failing.set(id, { pause, due: performance.now() + pause })
  }

  forget(id: number): void {
    this.#failing.delete(id)
  }
}
