import type { LoginAccount } from '../accounts/login-account.js'
import { type ListedShare, listShares } from '../sharing/list-shares.js'
import type { Site } from '../site/site.js'
import { fromEveryStore, type SkippedStore, type StorePlace } from './every-store.js'

export type SiteShare = StorePlace & ListedShare

/** What the stores of a site share, or the one of an account; nothing is written, and no code of the items is needed. */
export function listSiteShares(
  site: Site,
  options: { readonly account?: LoginAccount | undefined } = {},
): Generator<SiteShare | SkippedStore> {
  return fromEveryStore(site, options, function* (store, place) {
    for (const share of listShares(store)) yield { ...place, ...share }
  })
}
