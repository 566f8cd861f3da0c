import type { Item } from '../../store-engine/items/item.js'
import { SslPort, StringEndpointPort, TcpPort } from '../site-items/ports.js'
import { BACKLOG, type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.js'

/** An item of one of the three kinds that listen. */
export type PortItem = TcpPort | SslPort | StringEndpointPort

export function isPort(item: Item): item is PortItem {
  return item instanceof TcpPort || item instanceof SslPort || item instanceof StringEndpointPort
}

/**
 * Where an item of any of the three kinds listens.
 * @throws InvalidInputError (`ENDPOINT_INVALID`) for an endpoint string that cannot be understood.
 */
export function endpointOfPort(port: PortItem): Endpoint {
  if (port instanceof StringEndpointPort) return parseEndpoint(port.description)
  const where = { port: port.portNumber ?? 0, interface: port.interface ?? '', backlog: BACKLOG }
  if (port instanceof TcpPort) return { kind: 'tcp', ...where }
  const path = port.certificatePath
  return { kind: 'ssl', ...where, certificate: path === null ? null : { certificate: path, key: path, chain: null } }
}

/**
 * A port as an endpoint string for people: as it was written, or short, without the path of the site's own certificate.
 * It never fails.
 */
export function endpointTextOf(port: PortItem): string {
  if (port instanceof StringEndpointPort) return port.description
  const endpoint = endpointOfPort(port)
  return formatEndpoint(endpoint.kind === 'ssl' ? { ...endpoint, certificate: null } : endpoint)
}
