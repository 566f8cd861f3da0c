import { MantissaError } from '../base/errors.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import { countEndowed } from './endowments.js'
import { classNameOf, type Offering } from './offering.js'
import { Installation, Product } from './product-items.js'

/**
 * How many accounts have something of an offering. What the original has installed is noted in the stores alone; so where
 * this site has noted nobody, and has products of the offering all the same, every store is asked, which takes a
 * millisecond or two for each.
 */
export function countUsers(site: Site, offering: Offering): number {
  const noted = countEndowed(site, offering.name)
  const classNames = new Set(offering.installablePowerups.map(({ itemClass }) => classNameOf(itemClass)))
  const products = site.store.query(Product).toArray()
  if (noted > 0 || !products.some(product => namesOneOf(product, classNames))) return noted
  return [...site.store.query(SubStore)].filter(subStore => hasInstallation(subStore, classNames)).length
}

function hasInstallation(subStore: SubStore, classNames: ReadonlySet<string>): boolean {
  const isThere = (store: Store) => [...store.query(Installation)].some(each => namesOneOf(each, classNames))
  try {
    return subStore.use(isThere, { readonly: true, tolerateNewer: true })
  } catch (error) {
    // Lost or damaged: nobody uses anything there.
    if (error instanceof MantissaError) return false
    throw error
  }
}

function namesOneOf({ types }: Product | Installation, classNames: ReadonlySet<string>): boolean {
  return types?.some(name => classNames.has(name)) ?? false
}
