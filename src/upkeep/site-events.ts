import type { LoginAccount } from '../accounts/login-account.js'
import { type ListedEvent, type ListedFailure, listEvents, listFailures } from '../scheduling/list-events.js'
import type { Site } from '../site/site.js'
import type { Timestamp } from '../store-engine/attributes/timestamp.js'
import { fromEveryStore, type SkippedStore, type StorePlace } from './every-store.js'

export type SiteEvent = StorePlace & ListedEvent
export type SiteFailure = StorePlace & ListedFailure

export interface SiteEventsOptions {
  /** Only those in the store of this account. */
  readonly account?: LoginAccount | undefined
  /** Only events that are due then. */
  readonly dueBy?: Timestamp | undefined
}

/** The timed events of all stores of a site; nothing is written, and no code of their items is needed. */
export function listSiteEvents(site: Site, options: SiteEventsOptions = {}): Generator<SiteEvent | SkippedStore> {
  return fromEveryStore(site, options, function* (store, place) {
    for (const event of listEvents(store, options.dueBy)) yield { ...place, ...event }
  })
}

/** The recorded failures of all stores of a site, in the same way. */
export function listSiteFailures(
  site: Site,
  options: Pick<SiteEventsOptions, 'account'> = {},
): Generator<SiteFailure | SkippedStore> {
  return fromEveryStore(site, options, function* (store, place) {
    for (const failure of listFailures(store)) yield { ...place, ...failure }
  })
}
