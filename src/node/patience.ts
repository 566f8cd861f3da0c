import { setTimeout } from 'node:timers/promises'
import { BusyError } from '../base/errors.js'

/** What a verb is promised, too: milliseconds. */
const PATIENCE = 5000
/** Milliseconds that SQLite itself waits inside a node; while it does, nobody is served. */
export const NODE_BUSY_TIMEOUT = 50

/**
 * Does `deed`, and again while a store is busy, for up to five seconds. SQLite's own waiting would stop everything that
 * the node does, so it is kept short and the rest of the waiting is done here, where others are served meanwhile.
 *
 * @throws BusyError after that, and at once whatever else `deed` throws.
 */
export async function patiently<T>(deed: () => T): Promise<T> {
  const end = performance.now() + PATIENCE
  for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
    try {
      return deed()
    } catch (error) {
      if (!(error instanceof BusyError) || performance.now() + pause > end) throw error
    }
    await setTimeout(pause)
  }
}
