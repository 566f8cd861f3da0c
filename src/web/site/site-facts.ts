import { SiteConfiguration } from '../../offerings/site-items/site-configuration.js'
import { describeFrontPage } from '../../offerings/web-settings/front-page.js'
import { PUBLIC_URL, readSetting } from '../../site/settings.js'
import type { Site } from '../../site/site.js'
import { type RootPlugin, rootPlugins } from './root-plugins.js'

/** What is set for the whole site and asked for with nearly every request. */
export interface SiteFacts {
  readonly hostname: string
  /** Null when nobody has told; without a slash at the end. */
  readonly publicUrl: string | null
  /** File in which requests are logged; null for none. */
  readonly httpLog: string | null
  readonly plugins: readonly RootPlugin[]
  /** Name of the offering that was chosen for the front page. */
  readonly frontOffering: string | null
}

/** Milliseconds after which a change that somebody makes counts. */
const GOOD_FOR = 1000

/** The facts of one site, read at most once in a second. */
export class KnownFacts {
  readonly #site: Site
  #facts: SiteFacts | undefined
  #until = 0

  constructor(site: Site) {
    this.#site = site
  }

  get current(): SiteFacts {
    const now = performance.now()
    if (this.#facts === undefined || now > this.#until) {
      this.#facts = readFacts(this.#site)
      this.#until = now + GOOD_FOR
    }
    return this.#facts
  }
}

function readFacts(site: Site): SiteFacts {
  const configuration = site.store.findFirst(SiteConfiguration)
  return {
    hostname: configuration?.hostname ?? 'localhost',
    publicUrl: readSetting<string | null>(site, PUBLIC_URL, null)?.replace(/\/+$/, '') ?? null,
    httpLog: configuration?.httpLog ?? null,
    plugins: rootPlugins(site.store),
    frontOffering: describeFrontPage(site.store),
  }
}
