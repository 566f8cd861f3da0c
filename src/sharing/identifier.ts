import { LoginMethod } from '../accounts/login-method.js'
import { and } from '../store-engine/queries/comparison.js'
import type { Store } from '../store-engine/store.js'
import { NoPublicNameError } from './share-errors.js'
import type { Share } from './share-items.js'

/** What names a share to somebody of another store, on whatever site: whose it is, and its ID there. */
export interface Identifier {
  readonly shareID: string
  readonly localpart: string
  readonly domain: string
}

/**
 * The name of a share: its owner's oldest internal address, which the site answers for.
 * @throws NoPublicNameError where the store has none, as that of an application has not.
 */
export function identifierOf({ store, shareID }: Share): Identifier {
  const method = findPublicName(store)
  if (method === undefined) throw new NoPublicNameError(store.describe())
  return { shareID, localpart: method.localpart, domain: method.domain ?? '' }
}

/** The oldest internal address of the store's own account; undefined where it has none. */
export function findPublicName(store: Store): LoginMethod | undefined {
  const { internal, domain, storeID } = LoginMethod
  const where = and(internal.equals(true), domain.notEquals(null))
  // In a site's store there are other people's.
  for (const method of store.query(LoginMethod, { where, sort: storeID.ascending }))
    if (method.account.avatars === store) return method
  return undefined
}
