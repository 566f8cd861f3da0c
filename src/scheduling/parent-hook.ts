import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import type { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'
import { SubSchedulerParentHook, TimedEvent } from './timed-event.js'

/** When the first event of a store is due; null when it has none. */
export function earliestEvent(store: Store): Timestamp | null {
  return store.findFirst(TimedEvent, TimedEvent.time.notEquals(null), { sort: TimedEvent.time.ascending })?.time ?? null
}

/** The site's hook for a user store, or undefined. */
export function findHook(siteStore: Store, subStore: SubStore): SubSchedulerParentHook | undefined {
  return siteStore.findFirst(SubSchedulerParentHook, SubSchedulerParentHook.subStore.equals(subStore))
}

/** When the site will look into a user store; null when it will not. */
export function scheduledTick(siteStore: Store, subStore: SubStore): Timestamp | null {
  const hook = findHook(siteStore, subStore)
  if (hook === undefined) return null
  return siteStore.findFirst(TimedEvent, TimedEvent.runnable.equals(hook))?.time ?? null
}

/** Makes the site look into a user store at `when`: one hook, one event, whatever there was before. */
export function createHook(siteStore: Store, subStore: SubStore, when: Timestamp): SubSchedulerParentHook {
  return siteStore.transact(() => {
    const hook = findHook(siteStore, subStore) ?? siteStore.create(SubSchedulerParentHook, { subStore })
    const [event, ...superfluous] = siteStore.query(TimedEvent, { where: TimedEvent.runnable.equals(hook) }).toArray()
    for (const other of superfluous) other.deleteFromStore()
    if (event === undefined) siteStore.create(TimedEvent, { runnable: hook, time: when })
    else event.time = when
    return hook
  })
}

/** Removes a user store's hook and its event from the site; nothing is not an error. */
export function removeHook(siteStore: Store, subStore: SubStore): void {
  siteStore.transact(() => {
    const hook = findHook(siteStore, subStore)
    if (hook === undefined) return
    for (const event of siteStore.query(TimedEvent, { where: TimedEvent.runnable.equals(hook) }).toArray())
      event.deleteFromStore()
    hook.deleteFromStore()
  })
}
