import { setTimeout } from 'node:timers/promises'
import { BusyError } from '../base/errors.js'

/** What a verb is promised, too: milliseconds. */
const PATIENCE = 5000
/** Milliseconds that SQLite itself waits inside a node; while it does, nobody is served. */
export const NODE_BUSY_TIMEOUT = 50

/** Told how long each deed took, and how long it waited for others in between; seconds. */
export interface PatienceListener {
  worked(seconds: number): void
  waited(seconds: number): void
}

/**
 * Does `deed`, and again while a store is busy, for up to five seconds. SQLite's own waiting would stop everything that
 * the node does, so it is kept short and the rest of the waiting is done here, where others are served meanwhile.
 *
 * @throws BusyError after that, and at once whatever else `deed` throws.
 */
export async function patiently<T>(deed: () => T, listener?: PatienceListener): Promise<T> {
  const begun = performance.now()
  let waited = 0
  try {
    for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
      const tried = performance.now()
      try {
        const result = deed()
        listener?.worked((performance.now() - tried) / 1000)
        return result
      } catch (error) {
        if (!(error instanceof BusyError) || performance.now() + pause > begun + PATIENCE) throw error
      }
      await setTimeout(pause)
      waited = performance.now() - begun
    }
  } finally {
    if (waited > 0) listener?.waited(waited / 1000)
  }
}
