/**
 * The site's hook for a user store: how a node knows when to look into a store that it does not keep open.
 *
 * There is no transaction over two stores, and none is needed, since a hook that is too early does no harm: the node
 * looks, finds nothing to do and puts the hook right. A hook that is too late would be an event that nobody looks for.
 * Hence three rules:
 *
 * - Whoever schedules in a user store makes the hook earlier *before* that store's transaction commits. A crash, or a
 *   rollback, leaves a hook for nothing.
 * - The hook is made later, or removed, only by {@link settleHook}, which holds the write lock of the user store, where
 *   nothing can then be scheduled, while it reads the earliest event and writes the hook. So unscheduling leaves the
 *   hook as it is until the next look.
 * - Locks are taken in one order, the user store's first, and the site's transaction is over before the user's store
 *   is written any further. Nobody runs events, or schedules, in a user store while holding the site's lock; the
 *   installation of an application store is the exception, whose rows commit together with the site's or not at all.
 *
 * A user store that is opened on its own has no site to tell; its hook is made when it is taken into one.
 */
import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import type { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import './hook-upgrades.js'
import { SubSchedulerParentHook, TimedEvent } from './timed-event.js'
import { announce } from './wake-ups.js'

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
  return findHookEvent(siteStore, subStore)?.time ?? null
}

/** Makes the site look into a user store at `when`: one hook, one event, whatever there was before. */
export function createHook(siteStore: Store, subStore: SubStore, when: Timestamp): TimedEvent {
  return siteStore.transact(() => {
    const runnable = findHook(siteStore, subStore) ?? siteStore.create(SubSchedulerParentHook, { subStore })
    const [event, ...superfluous] = siteStore.query(TimedEvent, { where: TimedEvent.runnable.equals(runnable) })
    for (const other of superfluous) other.deleteFromStore()
    if (event === undefined) return siteStore.create(TimedEvent, { runnable, time: when })
    event.time = when
    return event
  })
}

/** Removes a user store's hook and its event from the site; nothing is not an error. */
export function removeHook(siteStore: Store, subStore: SubStore): void {
  siteStore.transact(() => {
    const hook = findHook(siteStore, subStore)
    if (hook === undefined) return
    siteStore.query(TimedEvent, { where: TimedEvent.runnable.equals(hook) }).deleteFromStore()
    hook.deleteFromStore()
  })
}

/**
 * Sees to it that somebody looks into the store of an event at `when` or before; part of the transaction that
 * schedules the event. In a substore the hook is set and committed here, ahead of that transaction.
 */
export function arrangeLook(event: TimedEvent, when: Timestamp): void {
  const { store, storeID } = event
  const subStore = subStoreOf(store)
  if (store.parent === null) announce(store, storeID, when)
  else if (subStore !== undefined) announce(store.parent, hurryHook(store.parent, subStore, when).storeID, when)
}

function hurryHook(siteStore: Store, subStore: SubStore, when: Timestamp): TimedEvent {
  const known = findHookEvent(siteStore, subStore)
  const isInTime = known?.time != null && known.time.compare(when) <= 0
  return isInTime ? known : createHook(siteStore, subStore, when)
}

/**
 * Puts the site's hook at the earliest event of a user store, or removes it where there is none. Nothing is written
 * in the user store, whose lock is held meanwhile. Returns the time of that event.
 *
 * @throws StoreBusyError, StoreSealedError; the hook is as it was.
 */
export function settleHook(userStore: Store): Timestamp | null {
  return userStore.transact(() => {
    const earliest = earliestEvent(userStore)
    const subStore = subStoreOf(userStore)
    if (userStore.parent === null || subStore === undefined) return earliest
    if (earliest === null) removeHook(userStore.parent, subStore)
    else if (scheduledTick(userStore.parent, subStore)?.compare(earliest) !== 0)
      createHook(userStore.parent, subStore, earliest)
    return earliest
  })
}

function findHookEvent(siteStore: Store, subStore: SubStore): TimedEvent | undefined {
  const hook = findHook(siteStore, subStore)
  return hook && siteStore.findFirst(TimedEvent, TimedEvent.runnable.equals(hook))
}

/** Undefined for a store without a parent, and for one whose account the site has removed meanwhile. */
function subStoreOf({ parent, idInParent }: Store): SubStore | undefined {
  const found = parent === null || idInParent === null ? undefined : parent.findItemById(idInParent)
  return found instanceof SubStore ? found : undefined
}
