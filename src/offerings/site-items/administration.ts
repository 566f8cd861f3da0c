/**
 * The items that make somebody an administrator: there is no role to check, one owns them or not.
 *
 * Of the original's ten these four have a meaning here. Left out are the Python prompts in browser and terminal, the
 * viewer of Python tracebacks, and the configuration of sign-up forms.
 */
import { integer } from '../../store-engine/attributes/attributes.js'
import { dependsOn, reference } from '../../store-engine/attributes/reference.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import { installOn } from '../../store-engine/powerups/dependency.js'
import { registerUpgrader } from '../../store-engine/upgrades/upgrade.js'
import { INavigableElement } from './interfaces.js'
import { PrivateApplication } from './private-application.js'

/** May bundle powerups into products. */
export class ProductConfiguration extends item({
  typeName: 'xmantissa_product_productconfiguration',
  version: 1,
  module: 'xmantissa.product',
  attributes: { attribute: integer({ doc: 'Unused; a type of the original has at least one attribute.' }) },
  powerupInterfaces: [INavigableElement],
}) {}

/** May see and change the ports of the node. */
export class PortConfiguration extends item({
  typeName: 'xmantissa_webadmin_portconfiguration',
  version: 1,
  module: 'xmantissa.webadmin',
  attributes: { garbage: integer({ default: 12345678653, doc: 'Unused; the number is the original default.' }) },
  powerupInterfaces: [INavigableElement],
}) {}

/** May list people, create them, and endow them with products. */
export class LocalUserBrowser extends item({
  typeName: 'local_user_browser',
  version: 2,
  module: 'xmantissa.webadmin',
  attributes: { privateApplication: dependsOn(() => PrivateApplication) },
  powerupInterfaces: [INavigableElement],
}) {}

/** May install offerings. */
export class OfferingConfiguration extends item({
  typeName: 'mantissa_offering_configuration_powerup',
  version: 1,
  module: 'xmantissa.offering',
  attributes: { installedOfferingCount: integer({ default: 0 }), installedOn: reference() },
  powerupInterfaces: [INavigableElement],
}) {}

registerItemTypes(ProductConfiguration, PortConfiguration, LocalUserBrowser, OfferingConfiguration)

/** Version 1 was no part of the private application, which its store may not even have. */
registerUpgrader({
  typeName: 'local_user_browser',
  from: 1,
  to: 2,
  upgrade: () => ({}),
  after(browser: LocalUserBrowser) {
    const { store } = browser
    browser.privateApplication = store.findOrCreate(PrivateApplication, {}, created => installOn(created, store))
  },
})
