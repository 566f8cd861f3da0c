import { subStoreOf } from '../../../accounts/account-rows.js'
import { NotFoundError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import type { Store } from '../../../store-engine/store.js'
import { getAccount, nameOf } from '../users/given-account.js'

/** The store that a person has named by an address of its user, or by its offering. */
export interface SharingStore {
  readonly store: Store
  /** What its account is called. */
  readonly address: string
}

/** The store is closed with the site; open for writing where that is. @throws NoSuchUserError, UserMovedError. */
export function openSharingStore(site: Site, typed: string): SharingStore {
  const account = getAccount(site, typed)
  const subStore = subStoreOf(account)
  if (subStore === undefined)
    throw new NotFoundError(`${typed} has no store`, { hint: `look at the account with: mantissa user ${typed}` })
  return { store: subStore.open({ readonly: site.readonly }), address: nameOf(site, account) }
}
