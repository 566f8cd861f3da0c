import type { Site } from '../../site/site.js'
import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { nameOfAccount } from '../account-record.js'
import { readAccountRecord } from '../account-rows.js'
import type { LoginAccount } from '../login-account.js'
import { sessionsOf } from './list-sessions.js'
import { PersistentSession, type SessionKind } from './persistent-session.js'
import { formatToken, newToken, sessionKeyOf } from './session-token.js'

/** Sessions that one account may have; of more, the one that was used longest ago ends. */
export const MOST_SESSIONS = 50

/** Who has shown to be the owner of an account is recognised from now on by the token that this returns. */
export function beginSession(site: Site, account: LoginAccount, kind: SessionKind): string {
  const token = newToken(account, kind)
  site.store.transact(() => {
    const sessionKey = sessionKeyOf(token, account)
    const name = nameOfAccount(readAccountRecord(site, account))
    if (sessionKey === undefined || name === null) return
    makeRoom(site, account)
    site.store.create(PersistentSession, {
      sessionKey,
      authenticatedAs: Buffer.from(name),
      lastUsed: Timestamp.fromMicroseconds(site.clock()),
    })
  })
  return formatToken(token)
}

function makeRoom(site: Site, account: LoginAccount): void {
  const lastUse = (session: PersistentSession): bigint => session.lastUsed?.microseconds ?? 0n
  const sessions = [...sessionsOf(site.store, account.storeID)].sort((a, b) => (lastUse(a) < lastUse(b) ? 1 : -1))
  for (const session of sessions.slice(MOST_SESSIONS - 1)) session.deleteFromStore()
}
