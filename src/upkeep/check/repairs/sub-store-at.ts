import { join } from 'node:path'
import type { Site } from '../../../site/site.js'
import { SubStore } from '../../../store-engine/sub-store.js'

/** The item of the store at that path below the site's directory; undefined when the site names it no more. */
export function subStoreAt(site: Site, store: string): SubStore | undefined {
  const directory = join(site.store.directory ?? '', ...store.split('/'))
  return site.store.findFirst(SubStore, SubStore.storepath.equals(directory))
}
