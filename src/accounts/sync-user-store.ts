/**
 * Changing an account, which two stores know.
 *
 * The site's rows are what counts; the user's store has a copy that must follow, since it travels. A change is one
 * site transaction that looks at an open move of the account, changes the rows and records the deed
 * `sync-user-store`; then the copy is made to say the same, and the record removed. The second half reads the site
 * while it holds the user store's lock, so of two changes at once the later one stays.
 *
 * A crash in between is made good at the next opening. When the user's store cannot be written now (damaged, missing,
 * held by another), the change is in force all the same: a disabled account must not depend on its own store.
 */
import { PendingError } from '../base/errors.js'
import { noteAccountChange } from '../site/account-fence.js'
import { beginDeed, type Deed, finishDeed, noteDeedError, registerDeedRecovery } from '../site/deeds.js'
import type { Site } from '../site/site.js'
import { nameOfAccount } from './account-record.js'
import { mergeAccountIntoUserStore, readAccountRecord } from './account-rows.js'
import { LoginAccount } from './login-account.js'
import { withUserStore } from './with-user-store.js'

const SYNC = 'sync-user-store'

/**
 * Changes the site's rows of an account, and then the copy in its own store.
 *
 * @throws AccountMovingError from the seal of a move on, and what `change` throws: nothing is changed then.
 *   PendingError (`USER_STORE_BEHIND`) when the site is changed and the copy is not yet.
 */
export function changeAccount<T>(site: Site, account: LoginAccount, change: () => T): T {
  const { result, deed } = site.store.transact(() => {
    noteAccountChange(site, account.storeID)
    return { result: change(), deed: beginDeed(site, SYNC, { account: account.storeID }) }
  })
  try {
    syncUserStore(site, deed)
  } catch (error) {
    noteDeedError(site, deed, error)
    throw new UserStoreBehindError(nameOfAccount(readAccountRecord(site, account)), error)
  }
  return result
}

/** Makes the copy follow. An account that is gone, or that has no store, has no copy. */
function syncUserStore(site: Site, deed: Deed): void {
  const account = site.store.findItemById(Number(deed.detail['account']))
  if (account instanceof LoginAccount) {
    withUserStore(account, userStore => {
      userStore.transact(() => mergeAccountIntoUserStore(userStore, readAccountRecord(site, account)))
    })
  }
  finishDeed(site, deed)
}

registerDeedRecovery(SYNC, syncUserStore)

/** The change is in force at the site; the copy in the user's own store follows when that can be written. */
export class UserStoreBehindError extends PendingError {
  constructor(name: string | null, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`${name} is changed, but the copy in its own store is not yet: ${reason}`, {
      code: 'USER_STORE_BEHIND',
      hint: 'it follows by itself when its store can be written: the next command that changes the site tries again',
      details: { address: name },
      cause,
    })
  }
}
