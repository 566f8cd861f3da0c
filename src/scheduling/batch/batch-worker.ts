import { Worker } from 'node:worker_threads'
import { compiledModule } from '../../base/compiled-module.js'
import { InvalidInputError } from '../../base/errors.js'
import type { BatchProblem } from './batch-problem.js'
import type { BatchThreadData, BatchThreadMessage, BatchThreadOrder } from './batch-thread.js'

export interface BatchWorkerOptions {
  readonly siteDirectory: string
  /**
   * The program's modules that define the types of what is processed and who listens, as URLs of files; they are imported
   * in this order. They come from the program and its configuration, never from a store.
   */
  readonly modules: readonly URL[]
  /** Milliseconds between two looks at stores without work. Default 10 seconds. */
  readonly pollInterval?: number
  /** Told of everything that goes wrong; work goes on. */
  readonly onProblem: (problem: BatchProblem) => void
}

/** The original's interval. */
const POLL_INTERVAL = 10_000

/** How long a thread may take to finish what it is about, in milliseconds, before it is ended by force. */
const PATIENCE = 800

/**
 * Gives the remote listeners of a site's stores their items, in a thread of its own with connections of its own, so that
 * long work holds nobody up. (The original ran a second process, and opened user stores as if they were sites.)
 *
 * Nothing that goes wrong in a store ends it: what fails is recorded there, and a store that is busy, sealed or missing
 * is tried again. Should the thread itself end, another one is started after the interval.
 */
export class BatchWorker implements AsyncDisposable {
  readonly #data: BatchThreadData
  readonly #onProblem: (problem: BatchProblem) => void
  #thread: Worker | undefined
  #restart: NodeJS.Timeout | undefined
  #stopped = false

  private constructor({ siteDirectory, modules, pollInterval = POLL_INTERVAL, onProblem }: BatchWorkerOptions) {
    for (const { protocol, href } of modules)
      if (protocol !== 'file:') throw new InvalidInputError(`${href} is not the URL of a file`)
    this.#data = { siteDirectory, modules: modules.map(({ href }) => href), pollInterval }
    this.#onProblem = onProblem
  }

  /** Resolves when the modules are loaded and the work has begun. Rejects with what their loading threw. */
  static async start(options: BatchWorkerOptions): Promise<BatchWorker> {
    const worker = new BatchWorker(options)
    await worker.#begin()
    return worker
  }

  /** Has it look for work now: something has been added. */
  look(): void {
    this.#order('look')
  }

  /**
   * Ends the thread, within a second. What is being done for an item is finished when that takes less; else it is undone,
   * and the item has its turn when a worker is started again. Stopping again does nothing.
   */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#restart)
    const thread = this.#thread
    if (thread === undefined) return
    const ended = new Promise(resolve => thread.once('exit', resolve))
    this.#order('stop')
    const force = setTimeout(() => void thread.terminate(), PATIENCE)
    await ended
    clearTimeout(force)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #order(order: BatchThreadOrder): void {
    this.#thread?.postMessage(order)
  }

  async #begin(): Promise<void> {
    const thread = new Worker(compiledModule('./batch-thread.js', import.meta.url), { workerData: this.#data })
    this.#thread = thread
    let reason: unknown
    thread.on('error', error => {
      reason = error
    })
    await new Promise<void>((resolve, reject) => {
      let hasBegun = false
      thread.on('message', (message: BatchThreadMessage) => {
        if (message.kind !== 'ready') return this.#onProblem(message)
        hasBegun = true
        resolve()
      })
      thread.once('exit', code => {
        this.#thread = undefined
        reason ??= new Error(`the batch thread ended with ${code}`)
        if (hasBegun) this.#beginAgain(reason)
        else reject(reason)
      })
    })
  }

  /** A thread that has begun well may still end: a module of the program can throw from a timer of its own. */
  #beginAgain(reason: unknown): void {
    if (this.#stopped) return
    this.#onProblem({ kind: 'thread', message: reason instanceof Error ? reason.message : String(reason) })
    this.#restart = setTimeout(
      () => void this.#begin().catch(error => this.#beginAgain(error)),
      this.#data.pollInterval,
    )
  }
}
