import { boolean, text } from '../../store-engine/attributes/attributes.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import { registerUpgrader } from '../../store-engine/upgrades/upgrade.js'
import { ISessionlessSiteRootPlugin, ISiteRootPlugin, rootPluginInterfaces } from './interfaces.js'

/** Files of a directory, served below a prefix. Which interface it powers up depends on who may see it. */
export class StaticSite extends item({
  typeName: 'static_web_site',
  version: 2,
  module: 'xmantissa.website',
  attributes: {
    prefixURL: text(),
    sessioned: boolean(),
    sessionless: boolean(),
    staticContentPath: text({ doc: 'An absolute path.' }),
  },
}) {
  override getPowerupInterfaces() {
    return rootPluginInterfaces(this)
  }
}

/** A prefix that leads somewhere else. */
export class StaticRedirect extends item({
  typeName: 'web_static_redirect',
  version: 2,
  module: 'xmantissa.website',
  attributes: {
    prefixURL: text({ allowNull: false }),
    sessioned: boolean(),
    sessionless: boolean(),
    targetURL: text({ allowNull: false }),
  },
}) {
  override getPowerupInterfaces() {
    return rootPluginInterfaces(this)
  }
}

/** The site's key for a service of somebody else; one per name. */
export class ApiKey extends item({
  typeName: 'xmantissa_website_apikey',
  version: 1,
  module: 'xmantissa.website',
  attributes: {
    apiKey: text({ allowNull: false }),
    apiName: text({ allowNull: false, doc: 'Which service, for instance `Google Analytics`.' }),
  },
}) {}

registerItemTypes(StaticSite, StaticRedirect, ApiKey)

/** Version 1 of both answered visitors with and without a session; since version 2 a flag says which. */
registerUpgrader({
  typeName: 'static_web_site',
  from: 1,
  to: 2,
  upgrade: ({ values: { prefixURL, staticContentPath } }) => ({
    prefixURL,
    staticContentPath,
    sessioned: false,
    sessionless: true,
  }),
  after: site => site.store.powerups.withdraw(site, ISiteRootPlugin),
})

/** A redirection of the root would keep everybody out who wants to log in, so it is for people with a session. */
registerUpgrader({
  typeName: 'web_static_redirect',
  from: 1,
  to: 2,
  upgrade: ({ values: { prefixURL, targetURL } }) => ({
    prefixURL,
    targetURL,
    sessioned: true,
    sessionless: prefixURL !== '',
  }),
  after(redirect: StaticRedirect) {
    if (!redirect.sessionless) redirect.store.powerups.withdraw(redirect, ISessionlessSiteRootPlugin)
  },
})
