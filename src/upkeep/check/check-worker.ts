/** Runs in a worker thread: checks batches of stores, one after the other, until the thread is ended. */
import { parentPort, workerData } from 'node:worker_threads'
import '../own-item-types.js'
import { StoreChecker } from './check-store.js'
import { type CheckDepth, hasSomething, type StoreReport, type StoreUnderCheck } from './store-under-check.js'

export interface Batch {
  readonly number: number
  readonly stores: readonly StoreUnderCheck[]
}

/** What there is to tell of a batch; sound stores are left out. */
export interface BatchReport {
  readonly number: number
  readonly reports: readonly (readonly [index: number, report: StoreReport])[]
}

const checker = new StoreChecker(workerData as CheckDepth)

parentPort?.on('message', ({ number, stores }: Batch) => {
  const reports = stores.flatMap((store, index) => {
    const report = checker.check(store)
    return hasSomething(report) ? [[index, report] as const] : []
  })
  parentPort?.postMessage({ number, reports } satisfies BatchReport)
})
