import { ISessionlessSiteRootPlugin, ISiteRootPlugin } from '../../offerings/site-items/interfaces.js'
import { StaticRedirect, StaticSite } from '../../offerings/site-items/static-content.js'
import type { Store } from '../../store-engine/store.js'

/** Something that the site's configuration puts at a prefix of its paths. */
export type RootPlugin =
  | { readonly prefix: readonly string[]; readonly directory: string }
  | { readonly prefix: readonly string[]; readonly target: string }

/**
 * Static directories and redirects of a site, in the order in which they count: longer prefixes first, as their priority
 * as powerups says. Those for people without a session and those with one are for everybody alike: in the original the
 * difference was whether a session had been set up before, not who may see them.
 */
export function rootPlugins(siteStore: Store): readonly RootPlugin[] {
  const faces = [ISessionlessSiteRootPlugin, ISiteRootPlugin]
  const items = new Set<unknown>(faces.flatMap(face => siteStore.powerupsFor(face)))
  return [...items].flatMap(item => pluginOf(item) ?? [])
}

function pluginOf(item: unknown): RootPlugin | undefined {
  if (item instanceof StaticSite && item.staticContentPath !== null)
    return { prefix: segmentsOf(item.prefixURL), directory: item.staticContentPath }
  if (item instanceof StaticRedirect) return { prefix: segmentsOf(item.prefixURL), target: item.targetURL }
  return undefined
}

function segmentsOf(prefix: string | null): readonly string[] {
  return (prefix ?? '').split('/').filter(segment => segment !== '')
}
