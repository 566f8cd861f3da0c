import type { Site } from '../../../site/site.js'
import { Store } from '../../../store-engine/store.js'

/** Calls `work` with the store in that directory, the site's own included; types newer than the code hinder nothing. */
export function withStore<T>(site: Site, directory: string, work: (store: Store) => T): T {
  if (directory === site.directory) return work(site.store)
  using store = Store.open(directory, { tolerateNewer: true })
  return work(store)
}
