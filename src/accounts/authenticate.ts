/**
 * Letting somebody in.
 *
 * Whoever tries a name learns nothing from the answer or from its time: an address that nobody has, one whose account
 * is disabled, has moved away or has no password, and a text that is no address all cost one verification against a
 * hash that matches nothing. The errors differ in their codes, for logs; their message is one and the same.
 *
 * As in the original, every method of an account is good for logging in, whatever its protocol and verified or not,
 * and the login system counts failures and successes.
 */
import { type Address, parseExistingAddress } from '../base/address.js'
import type { Site } from '../site/site.js'
import { BadCredentialsError, MissingDomainPartError, NoSuchUserLoginError, UnauthorizedLoginError } from './errors.js'
import { findAccountByAddress } from './find-account.js'
import type { LoginAccount } from './login-account.js'
import { findLoginSystem } from './login-system.js'
import { verifyPassword } from './password.js'

/**
 * The account of whoever knows its password; counted by the login system, where the site is open for writing.
 *
 * @throws UnauthorizedLoginError: MissingDomainPartError, NoSuchUserLoginError or BadCredentialsError.
 *   LoginQueueFullError when too many wait; that is not counted.
 */
export async function authenticate(site: Site, name: string, password: string): Promise<LoginAccount> {
  try {
    const account = await checkCredentials(site, name, password)
    countLogin(site, 'succeeded')
    return account
  } catch (error) {
    if (error instanceof UnauthorizedLoginError) countLogin(site, 'failed')
    throw error
  }
}

/**
 * As {@link authenticate}, and nothing is counted nor written: for whoever counts in a transaction of their own. An
 * account that was disabled, removed or given another password while the old one was verified is refused.
 */
export async function checkCredentials(site: Site, name: string, password: string): Promise<LoginAccount> {
  const account = findUsable(site, name)
  const passwordHash = account?.passwordHash ?? null
  const right = await verifyPassword(passwordHash, password)
  if (account === undefined || passwordHash === null) throw noSuchUser(name)
  if (!right || findUsable(site, name)?.passwordHash !== passwordHash) throw new BadCredentialsError()
  return account
}

/**
 * The account of somebody whom another part of the program has recognised already; no password is asked.
 *
 * @throws MissingDomainPartError, NoSuchUserLoginError; a disabled account is refused all the same.
 */
export function preauthenticate(site: Site, name: string): LoginAccount {
  const account = findUsable(site, name)
  countLogin(site, account === undefined ? 'failed' : 'succeeded')
  if (account === undefined) throw noSuchUser(name)
  return account
}

/** Has the login system count; nothing where the site is open for reading, or has no login system. */
export function countLogin(site: Site, outcome: 'succeeded' | 'failed'): void {
  if (site.readonly) return
  const counter = outcome === 'succeeded' ? 'loginCount' : 'failedLogins'
  site.store.transact(() => {
    const system = findLoginSystem(site.store)
    if (system !== undefined) system[counter] = (system[counter] ?? 0) + 1
  })
}

function findUsable(site: Site, name: string): LoginAccount | undefined {
  const address = readName(name)
  const account = address && findAccountByAddress(site, address)
  return account?.isDisabled ? undefined : account
}

/** The first `@` divides; without one, or with a character that no store can hold, it is nobody's name. */
function readName(name: string): Address | undefined {
  if (!name.includes('@') || name.includes('\0') || !name.isWellFormed()) return undefined
  return parseExistingAddress(name)
}

function noSuchUser(name: string): UnauthorizedLoginError {
  return name.includes('@') ? new NoSuchUserLoginError() : new MissingDomainPartError()
}
