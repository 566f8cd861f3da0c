/**
 * The pages of somebody who has logged in.
 *
 * The order of the attributes below is the order in which missing requirements are created, and so the order of the
 * rows; it is the original's.
 */
import { randomBytes } from 'node:crypto'
import { bigInteger, text } from '../../store-engine/attributes/attributes.js'
import { dependsOn, reference } from '../../store-engine/attributes/reference.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import type { Store } from '../../store-engine/store.js'
import type { LegacyItem } from '../../store-engine/upgrades/legacy-item.js'
import { registerUpgrader, type Upgrader } from '../../store-engine/upgrades/upgrade.js'
import { ISiteRootPlugin, ITemplateNameResolver, IWebTranslator, IWebViewer, prefixPriority } from './interfaces.js'
import {
  AuthenticationApplication,
  CustomizedPublicPage,
  DefaultPreferenceCollection,
  PreferenceAggregator,
  SearchAggregator,
} from './private-pages.js'
import { WebSite } from './web-site.js'

/** The shell around all pages of somebody who has logged in, at `/private`. */
export class PrivateApplication extends item({
  typeName: 'private_web_application',
  version: 5,
  module: 'xmantissa.webapp',
  attributes: {
    preferredTheme: text(),
    privateKey: bigInteger({ default: newPrivateKey, doc: 'Scrambles the numbers of items in private URLs.' }),
    website: dependsOn(() => WebSite),
    customizedPublicPage: dependsOn(() => CustomizedPublicPage),
    authenticationApplication: dependsOn(() => AuthenticationApplication),
    preferenceAggregator: dependsOn(() => PreferenceAggregator),
    defaultPreferenceCollection: dependsOn(() => DefaultPreferenceCollection),
    searchAggregator: dependsOn(() => SearchAggregator),
    privateIndexPage: reference(),
  },
  powerupInterfaces: [IWebTranslator, ITemplateNameResolver, IWebViewer, [ISiteRootPlugin, prefixPriority('private')]],
}) {}

/** 63 random bits, so that the number is not negative. */
function newPrivateKey(): bigint {
  return randomBytes(8).readBigUInt64BE() >> 1n
}

registerItemTypes(PrivateApplication)

registerUpgrader(upgraderFrom(1))
registerUpgrader(upgraderFrom(2))
registerUpgrader(upgraderFrom(3))
registerUpgrader(upgraderFrom(4))

/** The count of hits is dropped. Versions 1 and 2 named none of the items that they came with. */
function upgraderFrom(from: number): Upgrader<PrivateApplication> {
  return {
    typeName: 'private_web_application',
    from,
    to: 5,
    upgrade: ({ values: { hitCount: _, installedOn: __, ...kept } }) => kept,
    after: completeApplication,
  }
}

function completeApplication(application: PrivateApplication, { version }: LegacyItem): void {
  const { store } = application
  if (version <= 2) findRequirements(application, store)
  if (version <= 3) store.powerUp(application, ITemplateNameResolver)
  store.powerUp(application, IWebViewer)
}

function findRequirements(application: PrivateApplication, store: Store): void {
  application.customizedPublicPage = store.findOrCreate(CustomizedPublicPage, {}, page => store.powerUp(page))
  application.authenticationApplication = store.findOrCreate(AuthenticationApplication, {})
  application.preferenceAggregator = store.findOrCreate(PreferenceAggregator, {}, each => store.powerUp(each))
  application.defaultPreferenceCollection = store.findOrCreate(DefaultPreferenceCollection, {}, each =>
    store.powerUp(each),
  )
  application.searchAggregator = store.findOrCreate(SearchAggregator, {}, each => store.powerUp(each))
  application.website = store.findOrCreate(WebSite, {}, site => store.powerUp(site))
}
