import type { Site } from '../../site/site.js'
import type { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { and } from '../../store-engine/queries/comparison.js'
import type { Store } from '../../store-engine/store.js'
import { isExpired, PersistentSession, type SessionKind } from './persistent-session.js'

/** A session as lists show it. */
export interface SessionFacts {
  readonly sessionId: number
  readonly accountId: number
  /** The account's first address when it began. */
  readonly address: string
  readonly kind: SessionKind
  /** Exact to some minutes. */
  readonly lastUsed: Timestamp
}

export interface SessionPage {
  /** Only of this account. */
  readonly accountId?: number
  /** Only those that began after this one. */
  readonly after?: number
  readonly limit?: number
}

/** Sessions that are good now, in the order in which they began. */
export function listSessions(site: Site, { accountId, after = 0, limit = 100 }: SessionPage = {}): SessionFacts[] {
  const found: SessionFacts[] = []
  for (const session of accountId === undefined ? sessionsAfter(site, after) : sessionsOf(site.store, accountId)) {
    const { key, lastUsed, storeID } = session
    if (storeID <= after || key === undefined || lastUsed === null || isExpired(session, site.clock())) continue
    const address = Buffer.from(session.authenticatedAs).toString('utf8')
    found.push({ sessionId: storeID, accountId: key.accountId, address, kind: key.kind, lastUsed })
    if (found.length === limit) break
  }
  return found
}

/** All rows of an account's sessions, those that have expired among them. */
export function sessionsOf(siteStore: Store, accountId: number): readonly PersistentSession[] {
  const { sessionKey } = PersistentSession
  const [from, end] = [`${accountId}.`, `${accountId}/`].map(text => Buffer.from(text, 'latin1'))
  if (from === undefined || end === undefined) return []
  const where = and(sessionKey.greaterThan(from), sessionKey.lessThan(end))
  return siteStore.query(PersistentSession, { where, sort: PersistentSession.storeID.ascending }).toArray()
}

function sessionsAfter(site: Site, after: number): Iterable<PersistentSession> {
  const where = PersistentSession.storeID.greaterThan(after)
  return site.store.query(PersistentSession, { where, sort: PersistentSession.storeID.ascending })
}
