import type { Site } from '../site/site.js'
import type { LoginAccount } from './login-account.js'
import { changeAccount } from './sync-user-store.js'

/**
 * Disables an account, or makes it usable again; its addresses stay its own either way.
 *
 * @returns false when there was nothing to change.
 */
export function setDisabled(site: Site, account: LoginAccount, disabled: boolean): boolean {
  if (account.isDisabled === disabled) return false
  changeAccount(site, account, () => {
    account.disabled = disabled ? 1 : 0
  })
  return true
}
