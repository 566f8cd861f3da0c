import { statSync } from 'node:fs'
import { join } from 'node:path'
import { StoreBusyError } from '../../store-engine/errors.js'
import { Store } from '../../store-engine/store.js'
import { SubStore } from '../../store-engine/sub-store.js'
import { type BatchProblem, storeProblem } from './batch-problem.js'
import { IBatchProcessor, isBatchProcessor } from './batch-processor.js'

/** How long one store is worked on before it is another's turn, in milliseconds. */
const SLICE = 50

/** How long another process's lock is waited for, in milliseconds; the store's turn comes again. */
const BUSY_TIMEOUT = 200

/** A store of the site while it is its turn. */
interface Subject {
  readonly directory: string
  use<T>(work: (store: Store) => T): T
}

/**
 * Goes round the stores of a site, the site's own first, and gives their remote listeners what is to be given.
 *
 * User and application stores are opened below the site's, so that what listens there has its parent. Each is open for
 * its turn only, and one in which there was nothing to do is not opened again until its database file has changed.
 */
export class SiteRounds {
  readonly #directory: string
  readonly #report: (problem: BatchProblem) => void
  /** By directory, what the database file looked like when there was nothing to do. */
  readonly #rested = new Map<string, string>()
  /** By directory, the code that was reported last. */
  readonly #troubled = new Map<string, string>()

  constructor(siteDirectory: string, report: (problem: BatchProblem) => void) {
    this.#directory = siteDirectory
    this.#report = report
  }

  /** Goes round until nothing is left, stopping after each store: whoever breaks off leaves everything closed. */
  *untilRest(): Generator<void, void> {
    for (let more = true; more; ) {
      more = false
      try {
        using site = Store.open(this.#directory, { busyTimeout: BUSY_TIMEOUT })
        for (const subject of this.#subjects(site)) {
          if (this.#work(subject)) more = true
          yield
        }
      } catch (error) {
        this.#tell(this.#directory, error)
        return
      }
    }
  }

  *#subjects(site: Store): Generator<Subject> {
    yield { directory: this.#directory, use: work => work(site) }
    for (const subStore of site.query(SubStore)) {
      try {
        const { storepath } = subStore
        if (storepath === null) continue
        yield { directory: storepath, use: work => subStore.use(work, { busyTimeout: BUSY_TIMEOUT }) }
      } catch (error) {
        this.#tell(`${this.#directory}, substore ${subStore.storeID}`, error)
      }
    }
  }

  /** Returns whether something is left to do. */
  #work({ directory, use }: Subject): boolean {
    const state = stateOf(directory)
    if (state !== undefined && this.#rested.get(directory) === state) return false
    try {
      const more = use(store => this.#stepAll(store))
      this.#troubled.delete(directory)
      if (!more && state !== undefined) this.#rested.set(directory, state)
      return more
    } catch (error) {
      this.#tell(directory, error)
      return error instanceof StoreBusyError
    }
  }

  #stepAll(store: Store): boolean {
    const processors = store.powerupsFor(IBatchProcessor).filter(isBatchProcessor)
    const end = performance.now() + SLICE
    let more = true
    while (more && performance.now() < end) {
      more = false
      for (const processor of processors) {
        const outcome = processor.step('remote')
        if (outcome.more) more = true
        for (const { listener, item, message } of outcome.failures)
          this.#report({
            kind: 'item',
            store: store.describe(),
            listener: listener?.storeID ?? null,
            item: item?.storeID ?? null,
            message,
          })
      }
    }
    return more
  }

  #tell(store: string, error: unknown): void {
    const problem = storeProblem(store, error)
    if (this.#troubled.get(store) === problem.code) return
    this.#troubled.set(store, problem.code)
    this.#report(problem)
  }
}

/** What was written within this time may be followed by something that leaves the times of the files as they are. */
const SETTLED = 1000n

/** Changes whenever somebody writes to the database; undefined where nothing can be said, or not yet. */
function stateOf(directory: string): string | undefined {
  const files = ['db.sqlite', 'db.sqlite-wal'].flatMap(
    name => statSync(join(directory, name), { bigint: true, throwIfNoEntry: false }) ?? [],
  )
  const now = BigInt(Date.now())
  if (files.length === 0 || files.some(({ mtimeMs }) => mtimeMs > now - SETTLED)) return undefined
  return files.map(({ ino, mtimeNs, size }) => `${ino} ${mtimeNs} ${size}`).join()
}
