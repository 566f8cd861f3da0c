import { subStoreOf } from '../../accounts/account-rows.js'
import { LoginAccount } from '../../accounts/login-account.js'
import { BusyError } from '../../base/errors.js'
import type { Site } from '../../site/site.js'
import type { UserStoreFacts } from '../copying/describe-store.js'

/** The account in the source's site that a transfer takes away. */
export function accountOf(site: Site, accountId: number | null): LoginAccount {
  const item = accountId === null ? undefined : site.store.findItemById(accountId)
  if (item instanceof LoginAccount) return item
  throw new TypeError(`item ${accountId} of ${site.directory} is no account`)
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

/** The user is not where they were when the transfer was planned; nothing was begun. */
export class AccountChangedError extends BusyError {
  constructor(address: string) {
    super(`${address} has left, or was replaced, since the move was planned`, {
      code: 'ACCOUNT_CHANGED',
      hint: `see where they are: mantissa user ${address}`,
      details: { address },
    })
  }
}
