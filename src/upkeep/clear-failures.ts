import type { LoginAccount } from '../accounts/login-account.js'
import { TimedEventFailureLog } from '../scheduling/timed-event.js'
import type { Site } from '../site/site.js'
import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import type { Store } from '../store-engine/store.js'
import { fromEveryStore, type SkippedStore } from './every-store.js'

export interface ClearOptions {
  /** Only in the store of this account. */
  readonly account?: LoginAccount | undefined
  /** Only failures before this time. */
  readonly before?: Timestamp | undefined
  /** Counts and deletes nothing. */
  readonly dryRun?: boolean
}

/** Rows in one transaction, so that no store is held for long. */
const BATCH = 500

/**
 * Removes recorded failures of timed events from all stores of a site; yields for each store how many. A store that
 * has none is not written. Nothing that is to be retried is changed: how often an event has failed is kept elsewhere.
 */
export function clearFailures(site: Site, options: ClearOptions = {}): Generator<number | SkippedStore> {
  const { account, dryRun = false } = options
  return fromEveryStore(site, { account, write: !dryRun }, function* (store) {
    const where = options.before && TimedEventFailureLog.actualTime.lessThan(options.before)
    const count = store.query(TimedEventFailureLog, { where }).count()
    if (!dryRun) clear(store, where)
    yield count
  })
}

/** Removes the oldest recorded failures of one store, up to 500, and says how many: for who may not hold it for long. */
export function clearSomeFailures(store: Store): number {
  return store.transact(() => {
    const oldest = store.query(TimedEventFailureLog, { sort: TimedEventFailureLog.storeID.ascending, limit: BATCH })
    return oldest.deleteFromStore()
  })
}

function clear(store: Store, where: ReturnType<typeof TimedEventFailureLog.actualTime.lessThan> | undefined): void {
  for (;;) {
    const batch = store.query(TimedEventFailureLog, { where, limit: BATCH })
    if (batch.first() === undefined) return
    batch.deleteFromStore()
  }
}
