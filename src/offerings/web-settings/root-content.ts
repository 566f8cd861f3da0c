import type { Item } from '../../store-engine/items/item.js'
import { installOn } from '../../store-engine/powerups/dependency.js'
import type { Store } from '../../store-engine/store.js'
import { StaticRedirect, StaticSite } from '../site-items/static-content.js'
import type { Redirection, StaticContent } from './describe-web.js'

/** For everybody, with a session or without, as `axiomatic web --static` makes them. */
const FOR_ALL = { sessioned: false, sessionless: true }

/** Has the site show exactly these directories. */
export function writeStatics(siteStore: Store, wanted: readonly StaticContent[]): void {
  const known = siteStore.query(StaticSite).toArray()
  for (const each of known) if (!wanted.some(({ prefix }) => prefix === (each.prefixURL ?? ''))) remove(each)
  for (const { prefix, path } of wanted) {
    const found = known.find(each => (each.prefixURL ?? '') === prefix)
    if (found === undefined)
      installOn(siteStore.create(StaticSite, { prefixURL: prefix, staticContentPath: path, ...FOR_ALL }), siteStore)
    else if (found.staticContentPath !== path) found.staticContentPath = path
  }
}

/** Has the site lead on from exactly these prefixes. */
export function writeRedirects(siteStore: Store, wanted: readonly Redirection[]): void {
  const known = siteStore.query(StaticRedirect).toArray()
  for (const each of known) if (!wanted.some(({ prefix }) => prefix === each.prefixURL)) remove(each)
  for (const { prefix, target } of wanted) {
    const found = known.find(each => each.prefixURL === prefix)
    if (found === undefined)
      installOn(siteStore.create(StaticRedirect, { prefixURL: prefix, targetURL: target, ...FOR_ALL }), siteStore)
    else if (found.targetURL !== target) found.targetURL = target
  }
}

function remove(item: Item): void {
  const { store, storeID } = item
  item.deleteFromStore()
  store.powerups.forget(storeID)
}
