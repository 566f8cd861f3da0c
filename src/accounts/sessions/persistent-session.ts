/**
 * Sessions: somebody has logged in and is recognised when they come back.
 *
 * A session is a row of the original's type in the site's store, and a token that only the visitor's browser has. The
 * row holds a hash of the token, so whoever reads the store cannot be anybody. Into that hash goes the account's
 * password hash as well (`session-token`): a new password, whoever set it and in whatever process, makes every token of
 * the account worthless without a message having to reach anybody. Disabling, removing and moving an account do the same
 * through the account, which is looked at each time.
 *
 * The original stored a row for "remember me" only and kept the other sessions in memory, for 12 minutes. Here all are
 * rows, so that a restart of the node throws nobody out. The key says before its hash whose session it is and of which
 * kind. Rows that the original has written hold their tokens in clear; they authenticate nobody here, and go.
 */
import { systemClock } from '../../base/clock.js'
import { bytes, timestamp } from '../../store-engine/attributes/attributes.js'
import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'

/** A session of somebody who has logged in. */
export class PersistentSession extends item({
  typeName: 'persistent_session',
  version: 1,
  module: 'xmantissa.websession',
  attributes: {
    authenticatedAs: bytes({ allowNull: false, doc: 'The first address of the account, in UTF-8.' }),
    lastUsed: timestamp({ indexed: true, default: () => Timestamp.fromMicroseconds(systemClock()) }),
    sessionKey: bytes({ allowNull: false, indexed: true, doc: 'Account, kind and hash of the token.' }),
  },
}) {
  /** Undefined for a row of the original. */
  get key(): SessionKey | undefined {
    return parseSessionKey(Buffer.from(this.sessionKey).toString('latin1'))
  }
}

registerItemTypes(PersistentSession)

/** `remembered` outlives the browser; `browser` ends with it, or when it has not been used for some hours. */
export type SessionKind = 'remembered' | 'browser'

export interface SessionKey {
  readonly accountId: number
  readonly kind: SessionKind
}

const HOUR = 3600n * 1_000_000n

/** How long a session that is not used stays good, in microseconds. */
export const LIFETIMES: Readonly<Record<SessionKind, bigint>> = {
  remembered: 14n * 24n * HOUR,
  browser: 4n * HOUR,
}

/** `<account>.<kind>.`, with which tokens and keys begin. */
export function prefixOf({ accountId, kind }: SessionKey): string {
  return `${accountId}.${kind === 'remembered' ? 'r' : 'b'}.`
}

/** Whether a session has been idle for too long at `now` (microseconds). */
export function isExpired(session: PersistentSession, now: bigint): boolean {
  const { key, lastUsed } = session
  return key === undefined || lastUsed === null || lastUsed.microseconds + LIFETIMES[key.kind] < now
}

function parseSessionKey(text: string): SessionKey | undefined {
  const [, id, letter] = /^([1-9]\d{0,14})\.([rb])\.[A-Za-z0-9_-]{43}$/.exec(text) ?? []
  return id === undefined ? undefined : { accountId: Number(id), kind: letter === 'r' ? 'remembered' : 'browser' }
}
