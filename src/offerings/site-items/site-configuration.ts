import { LoginSystem } from '../../accounts/login-system.js'
import { text } from '../../store-engine/attributes/attributes.js'
import { path } from '../../store-engine/attributes/path-attribute.js'
import { dependsOn } from '../../store-engine/attributes/reference.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import { IProtocolFactoryFactory, ISiteUrlGenerator } from './interfaces.js'

/** The web server of a site: what it is called, where it logs, who may come in. Ports refer to it as their factory. */
export class SiteConfiguration extends item({
  typeName: 'xmantissa_web_siteconfiguration',
  version: 1,
  module: 'xmantissa.web',
  attributes: {
    hostname: text({ allowNull: false, default: 'localhost', doc: 'The host name people reach this site by.' }),
    httpLog: path({ doc: 'Where HTTP requests are logged; null for nowhere.' }),
    loginSystem: dependsOn(() => LoginSystem),
  },
  powerupInterfaces: [ISiteUrlGenerator, IProtocolFactoryFactory],
}) {}

registerItemTypes(SiteConfiguration)
