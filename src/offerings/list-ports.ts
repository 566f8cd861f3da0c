import type { Store } from '../store-engine/store.js'
import { SslPort, StringEndpointPort, TcpPort } from './site-items/ports.js'

/** The ports that a node of this site listens on, as endpoint strings: `tcp:8080`, `ssl:8443:interface=127.0.0.1`. */
export function listPorts(siteStore: Store): readonly string[] {
  const tcp = siteStore.query(TcpPort).toArray()
  const ssl = siteStore.query(SslPort).toArray()
  return [
    ...tcp.map(port => endpoint('tcp', port)),
    ...ssl.map(port => endpoint('ssl', port)),
    ...siteStore
      .query(StringEndpointPort)
      .toArray()
      .map(port => port.description),
  ]
}

function endpoint(kind: 'tcp' | 'ssl', port: TcpPort | SslPort): string {
  return `${kind}:${port.portNumber ?? 0}${port.interface ? `:interface=${port.interface}` : ''}`
}
