/**
 * The pages of somebody who has logged in, and the five items they come with.
 *
 * The order of the attributes below is the order in which missing requirements are created, and so the order of the
 * rows; it is the original's.
 */
import { randomBytes } from 'node:crypto'
import { systemClock } from '../../base/clock.js'
import { bigInteger, integer, text, timestamp } from '../../store-engine/attributes/attributes.js'
import { dependsOn, reference } from '../../store-engine/attributes/reference.js'
import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import {
  INavigableElement,
  IPreferenceAggregator,
  IPreferenceCollection,
  ISearchAggregator,
  ISiteRootPlugin,
  ITemplateNameResolver,
  IWebTranslator,
  IWebViewer,
  prefixPriority,
} from './interfaces.js'
import { WebSite } from './web-site.js'

/** Lets somebody who has logged in see the site's public pages as themself. */
export class CustomizedPublicPage extends item({
  typeName: 'mantissa_public_customized',
  version: 2,
  module: 'xmantissa.publicweb',
  attributes: { installedOn: reference() },
  powerupInterfaces: [[ISiteRootPlugin, prefixPriority('')]],
}) {}

/** The page on which a person changes their password. */
export class AuthenticationApplication extends item({
  typeName: 'mantissa_web_authentication_application',
  version: 1,
  module: 'xmantissa.webgestalt',
  attributes: {
    lastCredentialsChange: timestamp({ allowNull: false, default: () => Timestamp.fromMicroseconds(systemClock()) }),
  },
}) {}

/** Asks every collection of preferences for one; the first that knows it answers. */
export class PreferenceAggregator extends item({
  typeName: 'preference_aggregator',
  version: 1,
  module: 'xmantissa.prefs',
  attributes: { installedOn: reference() },
  powerupInterfaces: [IPreferenceAggregator],
}) {}

/** The preferences that everybody has. */
export class DefaultPreferenceCollection extends item({
  typeName: 'mantissa_default_preference_collection',
  version: 2,
  module: 'xmantissa.prefs',
  attributes: {
    installedOn: reference(),
    itemsPerPage: integer({ default: 10 }),
    timezone: text({ default: 'US/Eastern' }),
  },
  powerupInterfaces: [IPreferenceCollection],
}) {}

/** Passes a search on to whatever in the store can be searched. */
export class SearchAggregator extends item({
  typeName: 'mantissa_search_aggregator',
  version: 1,
  module: 'xmantissa.search',
  attributes: { installedOn: reference(), searches: integer({ default: 0 }) },
  powerupInterfaces: [ISearchAggregator, INavigableElement],
}) {}

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

registerItemTypes(
  CustomizedPublicPage,
  AuthenticationApplication,
  PreferenceAggregator,
  DefaultPreferenceCollection,
  SearchAggregator,
  PrivateApplication,
)
