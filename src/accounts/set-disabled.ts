import type { Site } from '../site/site.js'
import type { LoginAccount } from './login-account.js'
import { endSessionsOf } from './sessions/end-sessions.js'
import { changeAccount } from './sync-user-store.js'

/**
 * Disables an account, whose sessions end, or makes it usable again; its addresses stay its own either way.
 *
 * @returns false when there was nothing to change.
 */
export function setDisabled(site: Site, account: LoginAccount, disabled: boolean): boolean {
  if (account.isDisabled === disabled) return false
  changeAccount(site, account, () => {
    account.disabled = disabled ? 1 : 0
    if (disabled) endSessionsOf(site.store, account)
  })
  return true
}
