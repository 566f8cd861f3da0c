import type { Site } from '../../site/site.js'
import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { nameOfAccount } from '../account-record.js'
import { readAccountRecord } from '../account-rows.js'
import type { LoginAccount } from '../login-account.js'
import { PersistentSession, type SessionKind } from './persistent-session.js'
import { formatToken, newToken, sessionKeyOf } from './session-token.js'

/** Who has shown to be the owner of an account is recognised from now on by the token that this returns. */
export function beginSession(site: Site, account: LoginAccount, kind: SessionKind): string {
  const token = newToken(account, kind)
  site.store.transact(() => {
    const sessionKey = sessionKeyOf(token, account)
    const name = nameOfAccount(readAccountRecord(site, account))
    if (sessionKey === undefined || name === null) return
    site.store.create(PersistentSession, {
      sessionKey,
      authenticatedAs: Buffer.from(name),
      lastUsed: Timestamp.fromMicroseconds(site.clock()),
    })
  })
  return formatToken(token)
}
