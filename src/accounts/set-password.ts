import type { Site } from '../site/site.js'
import { BadCredentialsError } from './errors.js'
import type { LoginAccount } from './login-account.js'
import { hashPassword, verifyPassword } from './password.js'
import { endSessionsOf } from './sessions/end-sessions.js'
import { changeAccount } from './sync-user-store.js'

/** Gives an account a new password, in both stores. The old one stops working, and whoever had logged in with it is out. */
export async function setPassword(site: Site, account: LoginAccount, password: string): Promise<void> {
  setPasswordHash(site, account, await hashPassword(password))
}

/** The same with a hash that was made elsewhere; null leaves an account that cannot log in with a password. */
export function setPasswordHash(site: Site, account: LoginAccount, passwordHash: string | null): void {
  changeAccount(site, account, () => {
    account.passwordHash = passwordHash
    if (account.password !== null) account.password = null
    endSessionsOf(site.store, account)
  })
}

/**
 * Gives a new password to whoever knows the current one.
 *
 * @throws BadCredentialsError; the password stays as it was.
 */
export async function replacePassword(
  site: Site,
  account: LoginAccount,
  passwords: { readonly current: string; readonly next: string },
): Promise<void> {
  if (!(await verifyPassword(account.passwordHash, passwords.current))) throw new BadCredentialsError()
  await setPassword(site, account, passwords.next)
}
