/**
 * When: events that a store wants to happen, and the site's knowledge of them.
 *
 * A timed event says which item is to run and when. It lies in the store of its item. A node does not keep every
 * user's store open to watch the clock: the site store holds one hook per user store that has events, and one timed
 * event of its own for that hook, at the time of the user's earliest. When that comes, the node opens the user's
 * store and lets it tick.
 *
 * Hook and event are rows of the site, so they are left behind when a store moves and are made anew where it arrives,
 * for the *earliest* event that it holds. (The original took the latest, and users with two events lost the first.)
 *
 * The item types are here. `scheduler.ts` is what offerings call, `run-due-events.ts` runs the events of one store,
 * `parent-hook.ts` keeps hooks right over two stores, and `site-scheduler.ts` is what a running node starts.
 */
import { bytes, timestamp } from '../store-engine/attributes/attributes.js'
import { reference } from '../store-engine/attributes/reference.js'
import { item } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'
import { SubStore } from '../store-engine/sub-store.js'

/** `runnable` is to run at `time`. */
export class TimedEvent extends item({
  typeName: 'timed_event',
  version: 1,
  module: 'axiom.scheduler',
  attributes: {
    runnable: reference(),
    time: timestamp({ indexed: true }),
  },
}) {}

/** What is left of an event whose item failed. It is not tried again unless its item has a retry policy. */
export class TimedEventFailureLog extends item({
  typeName: 'timed_event_failure_log',
  version: 1,
  module: 'axiom.scheduler',
  attributes: {
    desiredTime: timestamp(),
    actualTime: timestamp(),
    runnable: reference(),
    traceback: bytes(),
  },
}) {}

/** The site's stand-in for a user store that has timed events; what the site's own event runs. */
export class SubSchedulerParentHook extends item({
  typeName: 'axiom_subscheduler_parent_hook',
  version: 4,
  module: 'axiom.scheduler',
  attributes: {
    subStore: reference(() => SubStore, { doc: 'The user store whose events this item stands for.' }),
  },
}) {}

registerItemTypes(TimedEvent, TimedEventFailureLog, SubSchedulerParentHook)
