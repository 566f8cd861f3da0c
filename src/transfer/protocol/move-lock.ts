import { removeLockFile, tryLock } from '../../site/locks.js'
import type { HeldLock } from '../../store-engine/database/lock-database.js'
import { lockNameOf } from './coordinator-life.js'
import type { Move } from './move.js'

/**
 * Takes the lock of a move in each of its sites, which shows that its coordinator lives and dies with it.
 *
 * @returns undefined when somebody holds one of them; then none is held.
 * @throws whatever keeps a lock from being made; then none is held either.
 */
export function lockMove(move: Move): Disposable | undefined {
  const locks: HeldLock[] = []
  const taken = {
    [Symbol.dispose]: () => {
      for (const lock of locks) {
        removeLockFile(lock)
        lock.release()
      }
    },
  }
  try {
    if (takeAll(move, locks)) return taken
  } catch (error) {
    taken[Symbol.dispose]()
    throw error
  }
  for (const lock of locks) lock.release()
  return undefined
}

/** @returns false at the first that somebody else holds. */
function takeAll(move: Move, locks: HeldLock[]): boolean {
  for (const site of [move.source, move.target]) {
    if (site === undefined) continue
    const lock = tryLock(site, lockNameOf(move.id))
    if (lock === undefined) return false
    locks.push(lock)
  }
  return true
}
