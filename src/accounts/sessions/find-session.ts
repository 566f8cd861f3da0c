import type { Site } from '../../site/site.js'
import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { nameOfAccount } from '../account-record.js'
import { readAccountRecord } from '../account-rows.js'
import { LoginAccount } from '../login-account.js'
import { upgradeAccounts } from '../login-upgrades.js'
import { isExpired, PersistentSession } from './persistent-session.js'
import { parseToken, sessionKeyOf } from './session-token.js'

/** Somebody who is recognised. */
export interface RecognisedSession {
  readonly session: PersistentSession
  readonly account: LoginAccount
  /** The account's first address. */
  readonly address: string
}

/**
 * Whose token this is; undefined where the session has ended, for whatever reason: logged out, idle too long, the
 * account disabled, gone, or with another password. Writes nothing.
 */
export function findSession(site: Site, text: string): RecognisedSession | undefined {
  const token = parseToken(text)
  if (token === undefined) return undefined
  upgradeAccounts(site.store)
  return site.store.snapshot(() => {
    const account = site.store.findFirst(LoginAccount, LoginAccount.storeID.equals(token.accountId))
    if (account === undefined || account.isDisabled) return undefined
    const sessionKey = sessionKeyOf(token, account)
    if (sessionKey === undefined) return undefined
    const session = site.store.findFirst(PersistentSession, PersistentSession.sessionKey.equals(sessionKey))
    if (session === undefined || isExpired(session, site.clock())) return undefined
    const address = nameOfAccount(readAccountRecord(site, account))
    return address === null ? undefined : { session, account, address }
  })
}

/** How seldom it is written down that a session is used: microseconds. */
const RENEWED_AFTER = 5n * 60n * 1_000_000n

/** Whether the use of a session is to be written down now. */
export function wantsRenewal(site: Site, { lastUsed }: PersistentSession): boolean {
  return lastUsed === null || lastUsed.microseconds + RENEWED_AFTER < site.clock()
}

/** The session has been used now; one that has ended meanwhile stays ended. */
export function renewSession(site: Site, sessionId: number): void {
  site.store.transact(() => {
    const session = site.store.findFirst(PersistentSession, PersistentSession.storeID.equals(sessionId))
    if (session !== undefined) session.lastUsed = Timestamp.fromMicroseconds(site.clock())
  })
}
