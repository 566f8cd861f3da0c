import type { Store } from '../store-engine/store.js'
import { subStoreOf } from './account-rows.js'
import type { LoginAccount } from './login-account.js'

/**
 * Calls `work` with the store of a site's account, and leaves it open only where it was open before. An account that
 * stands for something else has no store, and `work` is not called.
 */
export function withUserStore(account: LoginAccount, work: (userStore: Store) => void): void {
  subStoreOf(account)?.use(work)
}
