import { LoginAccount } from '../../../accounts/login-account.js'
import { changeAccount } from '../../../accounts/sync-user-store.js'
import type { Repair } from './repair-kind.js'
import { subStoreAt } from './sub-store-at.js'

/** A change of the account that changes nothing, after which the copy is made to say the same as after any change. */
export const repairAccountCopy: Repair = (site, { store }) => {
  const subStore = subStoreAt(site, store)
  const account = subStore && site.store.findFirst(LoginAccount, LoginAccount.avatars.equals(subStore))
  if (account === undefined) return 'gone'
  changeAccount(site, account, () => {})
  return 'done'
}
