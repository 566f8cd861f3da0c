import type { Site } from '../../site/site.js'
import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import type { Store } from '../../store-engine/store.js'
import type { LoginAccount } from '../login-account.js'
import { sessionsOf } from './list-sessions.js'
import { isExpired, LIFETIMES, PersistentSession } from './persistent-session.js'

/** Ends one session; false where it has ended already. */
export function endSession(site: Site, sessionId: number): boolean {
  return site.store.transact(() => {
    const session = site.store.findFirst(PersistentSession, PersistentSession.storeID.equals(sessionId))
    session?.deleteFromStore()
    return session !== undefined
  })
}

/** Ends the sessions of a site's account, all or all but one, and says how many rows there were. */
export function endSessionsOf(siteStore: Store, account: LoginAccount, except?: number): number {
  return siteStore.transact(() => {
    const ended = sessionsOf(siteStore, account.storeID).filter(({ storeID }) => storeID !== except)
    for (const session of ended) session.deleteFromStore()
    return ended.length
  })
}

/** How many rows one transaction removes. */
const AT_ONCE = 100

/**
 * Removes sessions that have been idle for too long, up to a hundred of them, and says how many it was: whoever wants
 * all of them gone calls again until it is none.
 */
export function removeExpiredSessions(site: Site): number {
  const now = site.clock()
  const idle = PersistentSession.lastUsed.lessThan(Timestamp.fromMicroseconds(now - LIFETIMES.browser))
  const expired = site.store.query(PersistentSession, { where: idle, sort: PersistentSession.lastUsed.ascending })
  return site.store.transact(() => {
    const doomed: PersistentSession[] = []
    for (const session of expired) {
      if (isExpired(session, now)) doomed.push(session)
      if (doomed.length === AT_ONCE) break
    }
    for (const session of doomed) session.deleteFromStore()
    return doomed.length
  })
}
