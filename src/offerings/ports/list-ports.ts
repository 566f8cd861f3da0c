import type { Store } from '../../store-engine/store.js'
import { SslPort, StringEndpointPort, TcpPort } from '../site-items/ports.js'
import { endpointTextOf, type PortItem } from './endpoint-of-port.js'

/** The ports of a site, by kind and then in the order of their making. */
export function portItemsOf(siteStore: Store): readonly PortItem[] {
  return [
    ...siteStore.query(TcpPort, { sort: TcpPort.storeID.ascending }),
    ...siteStore.query(SslPort, { sort: SslPort.storeID.ascending }),
    ...siteStore.query(StringEndpointPort, { sort: StringEndpointPort.storeID.ascending }),
  ]
}

/** The ports that a node of this site listens on, as endpoint strings: `tcp:8080`, `ssl:8443:interface=127.0.0.1`. */
export function listPorts(siteStore: Store): readonly string[] {
  return portItemsOf(siteStore).map(endpointTextOf)
}
