import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import type { Store } from '../store-engine/store.js'

/** Told of an event of the site's store, by its storeID, that is to happen at `when` or earlier than was known. */
export type WakeUp = (event: number, when: Timestamp) => void

const sleepers = new WeakMap<Store, Set<WakeUp>>()

/** Lets a scheduler of this process know at once what else it would only see at its next look. */
export function onScheduled(siteStore: Store, wakeUp: WakeUp): Disposable {
  const known = sleepers.get(siteStore) ?? new Set()
  sleepers.set(siteStore, known.add(wakeUp))
  return { [Symbol.dispose]: () => known.delete(wakeUp) }
}

/** May come before the transaction that schedules has committed; whoever is told looks on a later turn. */
export function announce(siteStore: Store, event: number, when: Timestamp): void {
  for (const wakeUp of sleepers.get(siteStore) ?? []) wakeUp(event, when)
}
