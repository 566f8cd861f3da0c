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
import { BadCredentialsError, MissingDomainPartError, NoSuchUserLoginError } from './errors.js'
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
  const account = findUsable(site, name)
  const right = await verifyPassword(account?.passwordHash ?? null, password)
  if (account !== undefined && account.passwordHash !== null) {
    if (right) return admit(site, account)
    throw countFailure(site, new BadCredentialsError())
  }
  throw countFailure(site, name.includes('@') ? new NoSuchUserLoginError() : new MissingDomainPartError())
}

/**
 * The account of somebody whom another part of the program has recognised already; no password is asked.
 *
 * @throws MissingDomainPartError, NoSuchUserLoginError; a disabled account is refused all the same.
 */
export function preauthenticate(site: Site, name: string): LoginAccount {
  const account = findUsable(site, name)
  if (account !== undefined) return admit(site, account)
  throw countFailure(site, name.includes('@') ? new NoSuchUserLoginError() : new MissingDomainPartError())
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

function admit(site: Site, account: LoginAccount): LoginAccount {
  count(site, 'loginCount')
  return account
}

function countFailure<E>(site: Site, error: E): E {
  count(site, 'failedLogins')
  return error
}

function count(site: Site, counter: 'loginCount' | 'failedLogins'): void {
  if (site.readonly) return
  site.store.transact(() => {
    const system = findLoginSystem(site.store)
    if (system !== undefined) system[counter] = (system[counter] ?? 0) + 1
  })
}
