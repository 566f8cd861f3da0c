import { LoginSystem } from '../../accounts/login-system.js'
import { boolean, integer, text } from '../../store-engine/attributes/attributes.js'
import { dependsOn, reference } from '../../store-engine/attributes/reference.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import { SubStore } from '../../store-engine/sub-store.js'
import { IMantissaSite, IResource, ISiteRootPlugin, IWebViewer, prefixPriority } from './interfaces.js'

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
