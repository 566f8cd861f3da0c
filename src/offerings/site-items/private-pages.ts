/**
 * The items that the pages of somebody who has logged in come with.
 */
import { systemClock } from '../../base/clock.js'
import { integer, text, timestamp } from '../../store-engine/attributes/attributes.js'
import { reference } from '../../store-engine/attributes/reference.js'
import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import { registerAttributeCopyingUpgrader } from '../../store-engine/upgrades/upgrade.js'
import {
  INavigableElement,
  IPreferenceAggregator,
  IPreferenceCollection,
  ISearchAggregator,
  ISiteRootPlugin,
  prefixPriority,
} from './interfaces.js'

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

registerItemTypes(
  CustomizedPublicPage,
  AuthenticationApplication,
  PreferenceAggregator,
  DefaultPreferenceCollection,
  SearchAggregator,
)

registerAttributeCopyingUpgrader(DefaultPreferenceCollection, 1, 2)

// Version 1 came before the pages of others; since version 2 it comes last.
registerAttributeCopyingUpgrader(CustomizedPublicPage, 1, 2, page => {
  page.installedOn?.powerUp(page, ISiteRootPlugin, prefixPriority(''))
})
