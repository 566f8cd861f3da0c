import { PUBLIC_URL, readSetting } from '../../site/settings.js'
import type { Site } from '../../site/site.js'
import type { Interface } from '../../store-engine/powerups/interface.js'
import { PowerupConnector } from '../../store-engine/powerups/powerup.js'
import { and } from '../../store-engine/queries/comparison.js'
import type { Store } from '../../store-engine/store.js'
import { ISessionlessSiteRootPlugin, ISiteRootPlugin } from '../site-items/interfaces.js'
import { SiteConfiguration } from '../site-items/site-configuration.js'
import { StaticRedirect, StaticSite } from '../site-items/static-content.js'
import { describeFrontPage } from './front-page.js'
import { readTrustedProxies } from './trusted-proxies.js'

export interface StaticContent {
  /** Without slashes around it. */
  readonly prefix: string
  /** An absolute path of a directory. */
  readonly path: string
}

export interface Redirection {
  readonly prefix: string
  readonly target: string
}

/** An item that answers for a prefix of the site's root. */
export interface RootPlugin {
  readonly storeID: number
  /** Null where the item has gone. */
  readonly typeName: string | null
  /** Whether it is for people who have logged in only. */
  readonly sessioned: boolean
  readonly priority: number
}

/** How the web server of a site is set up. */
export interface WebSettings {
  /** Null where the site has no web server. */
  readonly hostname: string | null
  readonly publicUrl: string | null
  /** Absolute. */
  readonly httpLog: string | null
  /** Who may say for whom they ask: addresses and networks. A running node reads them when it starts. */
  readonly trustedProxies: readonly string[]
  /** The offering that is shown at `/`; null for the list of all. */
  readonly frontPage: string | null
  readonly statics: readonly StaticContent[]
  readonly redirects: readonly Redirection[]
  /** In the order in which they are asked, those without a session first. */
  readonly plugins: readonly RootPlugin[]
}

/** Reads all of it; changes nothing. */
export function describeWeb(site: Site): WebSettings {
  const { store } = site
  const configuration = store.findFirst(SiteConfiguration)
  return {
    hostname: configuration?.hostname ?? null,
    publicUrl: readSetting<string | null>(site, PUBLIC_URL, null),
    httpLog: configuration?.httpLog ?? null,
    trustedProxies: readTrustedProxies(site),
    frontPage: describeFrontPage(store),
    statics: store
      .query(StaticSite, { sort: StaticSite.prefixURL.ascending })
      .toArray()
      .map(each => ({ prefix: each.prefixURL ?? '', path: each.staticContentPath ?? '' })),
    redirects: store
      .query(StaticRedirect, { sort: StaticRedirect.prefixURL.ascending })
      .toArray()
      .map(each => ({ prefix: each.prefixURL, target: each.targetURL })),
    plugins: [...pluginsFor(store, ISessionlessSiteRootPlugin), ...pluginsFor(store, ISiteRootPlugin)],
  }
}

function pluginsFor(store: Store, face: Interface): readonly RootPlugin[] {
  const connectors = store.query(PowerupConnector, {
    where: and(PowerupConnector.item.equals(store), PowerupConnector.interface.equals(face.name)),
    sort: PowerupConnector.priority.descending,
  })
  return connectors.toArray().flatMap(each => {
    const storeID = store.storedReference(each, 'powerup')
    if (storeID === null) return []
    const typeName = store.typeNameOf(storeID) ?? null
    return [{ storeID, typeName, sessioned: face === ISiteRootPlugin, priority: each.priority ?? 0 }]
  })
}
