/**
 * Checks stores in several threads. Batches go to whichever thread is free; reports come back in the order of the
 * stores, and no more than a few batches are under way, however many stores there are.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { compiledModule } from '../../base/compiled-module.js'
import { StoreChecker } from './check-store.js'
import type { Batch, BatchReport } from './check-worker.js'
import { type CheckDepth, hasSomething, type StoreReport, type StoreUnderCheck } from './store-under-check.js'

/** Enough that handing them over costs nothing, few enough that no thread is without work at the end. */
const BATCH = 64
/** Per thread: one at work, one ready. */
const AHEAD = 2

export interface CheckedStore<S extends StoreUnderCheck> {
  readonly store: S
  readonly report: StoreReport
}

/** What was checked up to now, for progress. */
export interface PoolOptions extends CheckDepth {
  /** Threads; with 0 everything is done in this one, which takes no time to begin. */
  readonly jobs: number
  readonly onChecked?: ((stores: number) => void) | undefined
}

interface Pending<S> {
  readonly stores: readonly S[]
  readonly answer: Promise<BatchReport>
}

/** Yields what there is to tell, in the order of the stores. Ends the threads when it ends, however that is. */
export async function* checkInThreads<S extends StoreUnderCheck>(
  stores: Iterable<S>,
  options: PoolOptions,
): AsyncGenerator<CheckedStore<S>> {
  const { jobs, full, busyTimeout, onChecked } = options
  if (jobs === 0) return yield* checkHere(stores, options)
  const depth: CheckDepth = { full, ...(busyTimeout === undefined ? {} : { busyTimeout }) }
  const batches = batchesOf(stores)
  const threads = Array.from({ length: jobs }, () => new CheckThread(depth))
  const pending: Pending<S>[] = []
  const begin = () => {
    while (pending.length < jobs * AHEAD) {
      const { value: batch, done } = batches.next()
      if (done === true) return
      const answer = leastBusy(threads).check(batch)
      answer.catch(() => {})
      pending.push({ stores: batch, answer })
    }
  }
  let checked = 0
  try {
    begin()
    for (let first = pending.shift(); first !== undefined; first = pending.shift()) {
      const { reports } = await first.answer
      begin()
      for (const [index, report] of reports) yield { store: first.stores[index] as S, report }
      checked += first.stores.length
      onChecked?.(checked)
    }
  } finally {
    await Promise.all(threads.map(thread => thread.end()))
  }
}

async function* checkHere<S extends StoreUnderCheck>(
  stores: Iterable<S>,
  options: PoolOptions,
): AsyncGenerator<CheckedStore<S>> {
  await import('../own-item-types.js')
  const checker = new StoreChecker(options)
  let checked = 0
  for (const store of stores) {
    const report = checker.check(store)
    if (hasSomething(report)) yield { store, report }
    checked += 1
    options.onChecked?.(checked)
  }
}

function leastBusy(threads: readonly CheckThread[]): CheckThread {
  return threads.reduce((best, thread) => (thread.waiting < best.waiting ? thread : best))
}

/** The first alone, since it may be the site's own store, which is the largest. */
function* batchesOf<S>(stores: Iterable<S>): Generator<readonly S[]> {
  let batch: S[] = []
  let size = 1
  for (const store of stores) {
    batch.push(store)
    if (batch.length < size) continue
    yield batch
    batch = []
    size = BATCH
  }
  if (batch.length > 0) yield batch
}

class CheckThread {
  readonly #worker: Worker
  readonly #answers = new Map<number, (report: BatchReport) => void>()
  readonly #failed: Promise<never>
  #count = 0

  constructor(depth: CheckDepth) {
    this.#worker = new Worker(compiledModule('./check-worker.js', import.meta.url), { workerData: depth })
    this.#worker.on('message', (report: BatchReport) => {
      this.#answers.get(report.number)?.(report)
      this.#answers.delete(report.number)
    })
    this.#failed = once(this.#worker, 'exit').then(([code]) => {
      throw new Error(`a checking thread ended with ${code}`)
    })
    this.#failed.catch(() => {})
  }

  get waiting(): number {
    return this.#answers.size
  }

  check(stores: readonly StoreUnderCheck[]): Promise<BatchReport> {
    const number = this.#count++
    const answer = new Promise<BatchReport>(resolve => this.#answers.set(number, resolve))
    this.#worker.postMessage({ number, stores } satisfies Batch)
    return Promise.race([answer, this.#failed])
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}
