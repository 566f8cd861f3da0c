/**
 * Setting up the web server of a site: what it is called, where it logs, which directories it shows and where it leads.
 *
 * A change is held against what is there before anything is written, so that a dry run and the deed agree, and all of it
 * is one transaction. A prefix that has a directory or a redirection already is given the new one, as in the original.
 */
import { dirname } from 'node:path'
import { giveToOwnerOf, makeDirectory } from '../../base/atomic-file.js'
import { PUBLIC_URL, TRUSTED_PROXIES, writeSetting } from '../../site/settings.js'
import type { Site } from '../../site/site.js'
import { SiteConfiguration } from '../site-items/site-configuration.js'
import { assertHostname, parsePublicUrl } from '../site-options.js'
import { describeWeb, type Redirection, type StaticContent, type WebSettings } from './describe-web.js'
import { writeRedirects, writeStatics } from './root-content.js'
import { assertNetworks } from './trusted-proxies.js'
import { assertUnreserved } from './url-prefix.js'
import { NoWebServerError, noSuchPrefix, prefixTaken } from './web-errors.js'
import { assertShowable, assertTarget, httpLogPath } from './web-places.js'

/** What is not named stays as it is; prefixes have been parsed. */
export interface WebChanges {
  readonly hostname?: string
  /** Null for none. */
  readonly publicUrl?: string | null
  /** From the site's `files/` on, or absolute; null for none. */
  readonly httpLog?: string | null
  /** All of them, in place of those before. */
  readonly trustedProxies?: readonly string[]
  readonly statics?: readonly StaticContent[]
  readonly removedStatics?: readonly string[]
  readonly redirects?: readonly Redirection[]
  readonly removedRedirects?: readonly string[]
}

export interface ChangedWeb {
  readonly changed: boolean
  readonly settings: WebSettings
}

/**
 * What {@link changeWeb} would come to, but for the plugins.
 * @throws NoWebServerError, and InvalidInputError, ConflictError or NotFoundError for what cannot be set.
 */
export function planWeb(site: Site, changes: WebChanges): ChangedWeb {
  const now = describeWeb(site)
  if (now.hostname === null) throw new NoWebServerError(site.directory)
  assertHostname(changes.hostname)
  const { publicUrl, httpLog, trustedProxies } = changes
  assertNetworks(trustedProxies ?? [])
  const settings: WebSettings = {
    ...now,
    hostname: changes.hostname ?? now.hostname,
    publicUrl: publicUrl === undefined ? now.publicUrl : publicUrl === null ? null : parsePublicUrl(publicUrl),
    httpLog: httpLog === undefined ? now.httpLog : httpLog === null ? null : httpLogPath(site.store, httpLog),
    trustedProxies: trustedProxies ?? now.trustedProxies,
    statics: merged(now.statics, changes.statics, { removed: changes.removedStatics, what: 'static directory' }),
    redirects: merged(now.redirects, changes.redirects, { removed: changes.removedRedirects, what: 'redirection' }),
  }
  assertContent(site, changes, settings)
  return { changed: JSON.stringify(settings) !== JSON.stringify(now), settings }
}

/** Changes all of it or nothing. @throws as {@link planWeb}; nothing was changed. */
export function changeWeb(site: Site, changes: WebChanges): ChangedWeb {
  return site.store.transact(() => {
    const { changed, settings } = planWeb(site, changes)
    if (!changed) return { changed, settings }
    const { hostname, publicUrl, httpLog, trustedProxies, statics, redirects } = settings
    if (httpLog !== null) makeRoomFor(site, httpLog)
    Object.assign(site.store.findUnique(SiteConfiguration), { hostname: hostname ?? 'localhost', httpLog })
    writeSetting(site, PUBLIC_URL, publicUrl)
    writeSetting(site, TRUSTED_PROXIES, trustedProxies.length === 0 ? null : trustedProxies)
    writeStatics(site.store, statics)
    writeRedirects(site.store, redirects)
    return { changed, settings: describeWeb(site) }
  })
}

interface Removal {
  readonly removed: readonly string[] | undefined
  readonly what: string
}

function merged<T extends { readonly prefix: string }>(
  now: readonly T[],
  added: readonly T[] = [],
  { removed = [], what }: Removal,
): readonly T[] {
  if (added.length === 0 && removed.length === 0) return now
  for (const prefix of removed) if (!now.some(each => each.prefix === prefix)) throw noSuchPrefix(prefix, what)
  const all = new Map(now.map(each => [each.prefix, each]))
  for (const prefix of removed) all.delete(prefix)
  for (const each of added) all.set(each.prefix, each)
  return [...all.values()].sort((a, b) => (a.prefix < b.prefix ? -1 : 1))
}

/** What is added is looked at; what is there already, however it came, is nobody's mistake now. */
function assertContent(site: Site, changes: WebChanges, settings: WebSettings): void {
  for (const { prefix, path } of changes.statics ?? []) {
    assertUnreserved(site.store, prefix)
    assertShowable(site.store, path)
    if (settings.redirects.some(each => each.prefix === prefix)) throw prefixTaken(prefix, 'a redirection')
  }
  for (const { prefix, target } of changes.redirects ?? []) {
    assertUnreserved(site.store, prefix)
    assertTarget(target, prefix)
    if (settings.statics.some(each => each.prefix === prefix)) throw prefixTaken(prefix, 'a static directory')
  }
}

function makeRoomFor(site: Site, path: string): void {
  makeDirectory(dirname(path))
  giveToOwnerOf(site.directory, dirname(path))
}
