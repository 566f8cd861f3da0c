import { integer, text } from '../../store-engine/attributes/attributes.js'
import { path } from '../../store-engine/attributes/path-attribute.js'
import { reference } from '../../store-engine/attributes/reference.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import { registerAttributeCopyingUpgrader } from '../../store-engine/upgrades/upgrade.js'
import { IService } from './interfaces.js'

const factoryDoc = 'Whose protocol is spoken at this port, for instance the SiteConfiguration. The port dies with it.'

/** A TCP port that the node listens on. */
export class TcpPort extends item({
  typeName: 'xmantissa_port_tcpport',
  version: 2,
  module: 'xmantissa.port',
  attributes: {
    factory: reference({ whenDeleted: 'cascade', doc: factoryDoc }),
    interface: text({ default: '', doc: 'The address to bind; empty for all.' }),
    portNumber: integer({ doc: '0 lets the system choose.' }),
  },
  powerupInterfaces: [IService],
}) {}

/** A TCP port that speaks TLS. */
export class SslPort extends item({
  typeName: 'xmantissa_port_sslport',
  version: 2,
  module: 'xmantissa.port',
  attributes: {
    certificatePath: path({ doc: 'A PEM file with the private key and the certificate.' }),
    factory: reference({ whenDeleted: 'cascade', doc: factoryDoc }),
    interface: text({ default: '', doc: 'The address to bind; empty for all.' }),
    portNumber: integer({ doc: '0 lets the system choose.' }),
  },
  powerupInterfaces: [IService],
}) {}

/** A port described by an endpoint string such as `tcp:9090:interface=127.0.0.1`. */
export class StringEndpointPort extends item({
  typeName: 'xmantissa_port_stringendpointport',
  version: 1,
  module: 'xmantissa.port',
  attributes: {
    description: text({ allowNull: false, doc: 'The endpoint, as Twisted writes it.' }),
    factory: reference({ whenDeleted: 'cascade', doc: factoryDoc }),
  },
  powerupInterfaces: [IService],
}) {}

registerItemTypes(TcpPort, SslPort, StringEndpointPort)

// Version 1 listened on every address.
registerAttributeCopyingUpgrader(TcpPort, 1, 2)
registerAttributeCopyingUpgrader(SslPort, 1, 2)
