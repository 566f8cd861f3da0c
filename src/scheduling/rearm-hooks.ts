import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import { quoteName } from '../store-engine/database/sql-value.js'
import type { Store } from '../store-engine/store.js'
import { SubSchedulerParentHook, TimedEvent } from './timed-event.js'

/** Hooks in one transaction, so that the site is not held for long. */
const BATCH = 500

/**
 * Gives an event at `when` to every hook that has none: the hook's store could not be opened, or the original software
 * has left it. A look puts such a hook right, or removes it. Returns how many there were.
 */
export function rearmHooks(siteStore: Store, when: Timestamp): number {
  for (let count = 0; ; ) {
    const hooks = listHooksWithoutEvent(siteStore)
    if (hooks.length === 0) return count
    siteStore.transact(() => {
      for (const hook of hooks) siteStore.create(TimedEvent, { runnable: hook, time: when })
    })
    count += hooks.length
  }
}

function listHooksWithoutEvent(siteStore: Store): SubSchedulerParentHook[] {
  siteStore.engine.lookAround()
  const hooks = siteStore.engine.findTable(SubSchedulerParentHook)?.onDisk.table
  const events = siteStore.engine.findTable(TimedEvent)?.onDisk.table
  if (hooks === undefined) return []
  const served =
    events === undefined
      ? ''
      : `WHERE oid NOT IN (SELECT runnable FROM ${quoteName(events)} WHERE runnable IS NOT NULL)`
  const ids = siteStore.sql.pluck<number>(`SELECT oid FROM ${quoteName(hooks)} ${served} ORDER BY oid LIMIT ${BATCH}`)
  return ids.flatMap(id => {
    const hook = siteStore.findItemById(id)
    return hook instanceof SubSchedulerParentHook ? [hook] : []
  })
}
