import { LoginSystem } from '../../accounts/login-system.js'
import { boolean, integer, text } from '../../store-engine/attributes/attributes.js'
import { dependsOn, reference } from '../../store-engine/attributes/reference.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import { SubStore } from '../../store-engine/sub-store.js'
import type { LegacyItem } from '../../store-engine/upgrades/legacy-item.js'
import { registerAttributeCopyingUpgrader, registerUpgrader } from '../../store-engine/upgrades/upgrade.js'
import {
  ICustomizablePublicPage,
  IMantissaSite,
  IResource,
  ISiteRootPlugin,
  IWebViewer,
  prefixPriority,
} from './interfaces.js'

/** What a visitor who has not logged in sees of the site. */
export class AnonymousSite extends item({
  typeName: 'xmantissa_publicweb_anonymoussite',
  version: 2,
  module: 'xmantissa.publicweb',
  attributes: { loginSystem: dependsOn(() => LoginSystem) },
  powerupInterfaces: [IResource, IMantissaSite, IWebViewer],
}) {}

/** The page at `/`: the list of offerings, or the one application that was chosen. */
export class FrontPage extends item({
  typeName: 'mantissa_front_page',
  version: 2,
  module: 'xmantissa.publicweb',
  attributes: {
    defaultApplication: reference(() => SubStore, { doc: 'The application shown at `/`; null for the list of all.' }),
    prefixURL: text({ allowNull: false, default: '', doc: 'Always empty: this is the page without a prefix.' }),
    privateViews: integer({ default: 0, doc: 'Kept for the original, which never counts.' }),
    publicViews: integer({ default: 0, doc: 'Kept for the original, which never counts.' }),
  },
  powerupInterfaces: [[ISiteRootPlugin, prefixPriority('')]],
}) {}

/** The URL prefix of an installed offering: `/<prefix>/…` leads to what its application store shares. */
export class PublicWeb extends item({
  typeName: 'mantissa_public_web',
  version: 3,
  module: 'xmantissa.publicweb',
  attributes: {
    application: reference(() => SubStore, { allowNull: false, doc: "The offering's application store." }),
    installedOn: reference(),
    prefixURL: text({ allowNull: false, doc: 'The first segment of its URLs: the name of the offering.' }),
    sessioned: boolean({ default: false, doc: 'Whether the pages are for people with a session.' }),
    sessionless: boolean({ default: false, doc: 'Whether the pages are for people without a session.' }),
  },
}) {}

registerItemTypes(AnonymousSite, FrontPage, PublicWeb)

registerAttributeCopyingUpgrader(FrontPage, 1, 2)
registerAttributeCopyingUpgrader(AnonymousSite, 1, 2, site => {
  for (const face of [IWebViewer, IMantissaSite]) site.store.powerUp(site, face)
})

// Versions 1 and 2 were for everybody in their own way; since version 3 they are plugins of the root like others.
registerUpgrader({ typeName: 'mantissa_public_web', from: 1, to: 3, upgrade: withSession, after: plugIn })
registerUpgrader({ typeName: 'mantissa_public_web', from: 2, to: 3, upgrade: withSession, after: plugIn })

function withSession({ values: { application, installedOn, prefixURL } }: LegacyItem): Record<string, unknown> {
  return { application, installedOn, prefixURL, sessioned: true, sessionless: false }
}

function plugIn(page: PublicWeb): void {
  page.store.powerups.withdraw(page, ICustomizablePublicPage)
  page.installedOn?.powerUp(page, ISiteRootPlugin, prefixPriority(page.prefixURL))
}
