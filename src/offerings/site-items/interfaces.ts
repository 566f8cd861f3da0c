/**
 * The names under which the original looks up powerups of a site and of a person's store.
 *
 * A powerup connector holds such a name as text and it is compared letter by letter, so these are data on disk, not
 * words of ours: the dotted names of Python interfaces.
 */
import { defineInterface, type Interface } from '../../store-engine/powerups/interface.js'

/** Things that run while the node runs: ports, above all. */
export const IService = defineInterface('twisted.application.service.IService')
export const IResource = defineInterface('nevow.inevow.IResource')

export const ISiteUrlGenerator = defineInterface('xmantissa.ixmantissa.ISiteURLGenerator')
export const IProtocolFactoryFactory = defineInterface('xmantissa.ixmantissa.IProtocolFactoryFactory')
export const IMantissaSite = defineInterface('xmantissa.ixmantissa.IMantissaSite')
export const IWebViewer = defineInterface('xmantissa.ixmantissa.IWebViewer')
export const ISiteRootPlugin = defineInterface('xmantissa.ixmantissa.ISiteRootPlugin')
/** The same for visitors without a session. */
export const ISessionlessSiteRootPlugin = defineInterface('xmantissa.ixmantissa.ISessionlessSiteRootPlugin')
/** Of old versions only: a page that looks different to those who have logged in. */
export const ICustomizablePublicPage = defineInterface('xmantissa.ixmantissa.ICustomizablePublicPage')

export const IWebTranslator = defineInterface('xmantissa.ixmantissa.IWebTranslator')
export const ITemplateNameResolver = defineInterface('xmantissa.ixmantissa.ITemplateNameResolver')
export const IPreferenceAggregator = defineInterface('xmantissa.ixmantissa.IPreferenceAggregator')
export const IPreferenceCollection = defineInterface('xmantissa.ixmantissa.IPreferenceCollection')
export const ISearchAggregator = defineInterface('xmantissa.ixmantissa.ISearchAggregator')
/** A tab of the logged-in pages. Being an administrator is owning such items. */
export const INavigableElement = defineInterface('xmantissa.ixmantissa.INavigableElement')

/** What orders plugins of the site's root by their URL prefix: longer prefixes win, the empty one comes last. */
export function prefixPriority(prefix: string): number {
  return prefix === '' ? -257 : prefix.split('/').length - 1 - 256
}

interface RootPlugin {
  readonly prefixURL: string | null
  readonly sessioned: boolean | null
  readonly sessionless: boolean | null
}

/** What a plugin of the site's root is a powerup for: its flags say for whom it answers, when it is installed. */
export function rootPluginInterfaces({
  prefixURL,
  sessioned,
  sessionless,
}: RootPlugin): (readonly [Interface, number])[] {
  const priority = prefixPriority(prefixURL ?? '')
  return [
    ...(sessionless === true ? [[ISessionlessSiteRootPlugin, priority] as const] : []),
    ...(sessioned === true ? [[ISiteRootPlugin, priority] as const] : []),
  ]
}
