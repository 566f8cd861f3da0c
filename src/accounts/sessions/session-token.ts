import { createHash, randomBytes } from 'node:crypto'
import type { LoginAccount } from '../login-account.js'
import { prefixOf, type SessionKey, type SessionKind } from './persistent-session.js'

/** What a browser keeps: whose session it is, of which kind, and 256 bits that nobody can guess. */
export interface SessionToken extends SessionKey {
  readonly secret: string
}

export function newToken(account: LoginAccount, kind: SessionKind): SessionToken {
  return { accountId: account.storeID, kind, secret: randomBytes(32).toString('base64url') }
}

/** `<account>.<kind>.<secret>` */
export function formatToken(token: SessionToken): string {
  return prefixOf(token) + token.secret
}

/** Undefined for what no {@link formatToken} has made; a stranger may have written the text. */
export function parseToken(text: string): SessionToken | undefined {
  const [, id, letter, secret] = /^([1-9]\d{0,14})\.([rb])\.([A-Za-z0-9_-]{43})$/.exec(text) ?? []
  if (id === undefined || secret === undefined) return undefined
  return { accountId: Number(id), kind: letter === 'r' ? 'remembered' : 'browser', secret }
}

/**
 * What the store holds of a token: it cannot be turned back, and it is another one as soon as the account has another
 * password. Undefined for an account without a password, which has no sessions.
 */
export function sessionKeyOf(token: SessionToken, { passwordHash }: LoginAccount): Uint8Array | undefined {
  if (passwordHash === null) return undefined
  const hash = createHash('sha256')
    .update(`${formatToken(token)}\n${passwordHash}`)
    .digest('base64url')
  return Buffer.from(prefixOf(token) + hash, 'latin1')
}
