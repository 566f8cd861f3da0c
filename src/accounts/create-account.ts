import type { Site } from '../site/site.js'
import { createBatch } from './create-batch.js'
import type { LoginAccount } from './login-account.js'
import type { CreationRules, NewAccount } from './new-account.js'

/**
 * Creates one account: its store in `files/account/<domain>/`, its rows in the site.
 *
 * Afterwards both stores hold the account and the same methods. On failure there is neither account nor directory,
 * also after a crash: the next opening of the site undoes what was begun (see `create-batch`).
 *
 * @throws AddressNotFreeError for a name that is not free; NoLoginSystemError for a store without login system.
 */
export function createAccount(site: Site, account: NewAccount, rules: CreationRules = {}): LoginAccount {
  const [outcome] = createBatch(site, [account], rules)
  if (outcome?.status === 'created') return outcome.account
  throw outcome?.error
}
