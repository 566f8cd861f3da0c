/**
 * The threads of this process that work on images. Starting one costs more than copying a small store, so they stay for
 * the next order, and end when there was none for a while. A thread without an order keeps no process from ending.
 */
import { Worker } from 'node:worker_threads'
import { compiledModule } from '../../base/compiled-module.js'
import type { ThreadAnswer, ThreadOrder } from './image-thread.js'
import type { ImageWork } from './image-work.js'

/** One image is hashed while it is checked. */
const MOST_THREADS = 2
/** Milliseconds without an order. */
const PATIENCE = 10_000

const threads: ImageThread[] = []

/** Has a thread do its work. @throws what the work threw: an Error with its message, code and syscall. */
export async function inImageThread<W extends keyof ImageWork>(
  work: W,
  ...parameters: Parameters<ImageWork[W]>
): Promise<Awaited<ReturnType<ImageWork[W]>>> {
  return (await freeThread().order(work, parameters)) as Awaited<ReturnType<ImageWork[W]>>
}

/** Begins to start a thread where there is none, for an order that will come soon. */
export function warmImageThread(): void {
  freeThread()
}

function freeThread(): ImageThread {
  const idle = threads.find(thread => thread.waiting === 0)
  if (idle !== undefined) return idle
  if (threads.length >= MOST_THREADS) return threads.reduce((best, next) => (next.waiting < best.waiting ? next : best))
  const thread = new ImageThread(forget)
  threads.push(thread)
  return thread
}

function forget(thread: ImageThread): void {
  if (threads.includes(thread)) threads.splice(threads.indexOf(thread), 1)
}

interface Waiting {
  readonly resolve: (done: unknown) => void
  readonly reject: (error: Error) => void
}

class ImageThread {
  readonly #worker = new Worker(compiledModule('./image-thread.js', import.meta.url))
  readonly #waiting = new Map<number, Waiting>()
  #failure = new Error('the thread for images has ended')
  #count = 0
  #expiry: NodeJS.Timeout | undefined

  readonly #onEnd: (thread: ImageThread) => void

  /** @param onEnd - called when it takes no more orders. */
  constructor(onEnd: (thread: ImageThread) => void) {
    this.#onEnd = onEnd
    this.#worker.on('message', (answer: ThreadAnswer) => this.#settle(answer))
    this.#worker.on('error', error => {
      this.#failure = error as Error
    })
    this.#worker.once('exit', () => {
      onEnd(this)
      for (const { reject } of this.#waiting.values()) reject(this.#failure)
    })
    // Listening for messages has made it hold the process; and an order may never come.
    this.#rest()
  }

  get waiting(): number {
    return this.#waiting.size
  }

  order(work: keyof ImageWork, parameters: readonly unknown[]): Promise<unknown> {
    clearTimeout(this.#expiry)
    this.#worker.ref()
    const number = this.#count++
    this.#worker.postMessage({ number, work, parameters } satisfies ThreadOrder)
    return new Promise((resolve, reject) => this.#waiting.set(number, { resolve, reject }))
  }

  #settle(answer: ThreadAnswer): void {
    const waiting = this.#waiting.get(answer.number)
    this.#waiting.delete(answer.number)
    if (this.#waiting.size === 0) this.#rest()
    if ('done' in answer) waiting?.resolve(answer.done)
    else waiting?.reject(Object.assign(new Error(answer.message), answer.facts))
  }

  #rest(): void {
    this.#worker.unref()
    this.#expiry = setTimeout(() => this.#end(), PATIENCE).unref()
  }

  #end(): void {
    this.#onEnd(this)
    void this.#worker.terminate()
  }
}
