import { removeLockFile, tryLock } from '../../site/locks.js'
import type { HeldLock } from '../../store-engine/database/lock-database.js'
import { lockNameOf } from './coordinator-life.js'
import type { Move } from './move.js'

/**
 * Takes the lock of a move in each of its sites, which shows that its coordinator lives and dies with it.
 *
 * @returns undefined when somebody holds one of them; then none is held.
 */
export function lockMove(move: Move): Disposable | undefined {
  const locks: HeldLock[] = []
  for (const site of [move.source, move.target]) {
    if (site === undefined) continue
    const lock = tryLock(site, lockNameOf(move.id))
    if (lock === undefined) {
      for (const held of locks) held.release()
      return undefined
    }
    locks.push(lock)
  }
  return {
    [Symbol.dispose]: () => {
      for (const lock of locks) {
        removeLockFile(lock)
        lock.release()
      }
    },
  }
}
