import { setTimeout } from 'node:timers/promises'

export interface Visit {
  readonly kind: string
  /** 0 where the connection was refused or cut. */
  readonly status: number
  readonly retryAfter: string | null
}

interface Answered {
  readonly status: number
  readonly headers?: Headers
}

/** Requests of several kinds that are made over and over, each kind one at a time, until they are stopped. */
export class Visits {
  readonly seen: Visit[] = []
  readonly #running: Promise<void>[] = []
  #isOver = false

  /** @param pause - milliseconds between two. */
  keep(kind: string, ask: () => Promise<Answered>, pause = 50): void {
    this.#running.push(this.#keep(kind, ask, pause))
  }

  /** Waits until each kind was answered so many times more. */
  async more(times = 1): Promise<void> {
    const kinds = new Set(this.seen.map(({ kind }) => kind))
    const wanted = new Map([...kinds].map(kind => [kind, this.count(kind) + times]))
    while ([...wanted].some(([kind, count]) => this.count(kind) < count)) await setTimeout(10)
  }

  count(kind: string): number {
    return this.seen.filter(visit => visit.kind === kind).length
  }

  /** What was answered, as `kind status`, each once, in order. */
  get answers(): string[] {
    return [...new Set(this.seen.map(({ kind, status }) => `${kind} ${status}`))].sort()
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#running)
  }

  async #keep(kind: string, ask: () => Promise<Answered>, pause: number): Promise<void> {
    while (!this.#isOver) {
      const { status, headers } = await ask().catch((): Answered => ({ status: 0 }))
      this.seen.push({ kind, status, retryAfter: headers?.get('retry-after') ?? null })
      await setTimeout(pause)
    }
  }
}
