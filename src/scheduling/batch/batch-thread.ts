/**
 * What a BatchWorker's thread runs: it loads the program's modules, says that it is ready, and goes round the site's
 * stores again and again until it is told to stop.
 */
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { BatchProblem } from './batch-problem.js'
import { SiteRounds } from './site-rounds.js'

export interface BatchThreadData {
  readonly siteDirectory: string
  /** URLs, imported in this order. */
  readonly modules: readonly string[]
  /** Milliseconds. */
  readonly pollInterval: number
}

export type BatchThreadMessage = { readonly kind: 'ready' } | BatchProblem

export type BatchThreadOrder = 'look' | 'stop'

class BatchThread {
  readonly #port: MessagePort
  readonly #data: BatchThreadData
  readonly #rounds: SiteRounds
  #stopping = false
  #pause = new AbortController()

  constructor(port: MessagePort, data: BatchThreadData) {
    this.#port = port
    this.#data = data
    this.#rounds = new SiteRounds(data.siteDirectory, problem => this.#send(problem))
    port.on('message', (order: BatchThreadOrder) => {
      if (order === 'stop') this.#stopping = true
      this.#pause.abort()
    })
  }

  async run(): Promise<void> {
    for (const module of this.#data.modules) await import(module)
    this.#send({ kind: 'ready' })
    while (!this.#stopping) {
      this.#pause = new AbortController()
      for (const _ of this.#rounds.untilRest()) {
        // Lets orders in.
        await setImmediate()
        if (this.#stopping) break
      }
      await this.#rest()
    }
    this.#port.close()
  }

  /** Until the next look is due, or asked for. */
  async #rest(): Promise<void> {
    const { signal } = this.#pause
    if (signal.aborted) return
    const due = setTimeout(() => this.#pause.abort(), this.#data.pollInterval)
    await once(signal, 'abort')
    clearTimeout(due)
  }

  #send(message: BatchThreadMessage): void {
    this.#port.postMessage(message)
  }
}

if (parentPort !== null) await new BatchThread(parentPort, workerData as BatchThreadData).run()
