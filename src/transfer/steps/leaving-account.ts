import { subStoreOf } from '../../accounts/account-rows.js'
import { LoginAccount } from '../../accounts/login-account.js'
import type { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import type { UserStoreFacts } from '../copying/describe-store.js'
import { AccountChangedError } from '../transfer-errors.js'

/**
 * The account in the source's site that a transfer takes away.
 *
 * @throws AccountChangedError where somebody has removed it since.
 */
export function accountOf(site: Site, { accountId, address }: TransferRow): LoginAccount {
  const item = accountId === null ? undefined : site.store.findItemById(accountId)
  if (item instanceof LoginAccount) return item
  throw new AccountChangedError(address)
}

/**
 * To be called in the transaction that begins a transfer: between looking at a user and this, any time may have passed.
 *
 * @throws AccountChangedError where the user has left since, or come back into another account or directory.
 */
export function assertStillThere(site: Site, { account, address, directory }: UserStoreFacts): void {
  const item = site.store.findItemById(account.storeID)
  if (item instanceof LoginAccount && subStoreOf(item)?.storepath === directory) return
  throw new AccountChangedError(address)
}
