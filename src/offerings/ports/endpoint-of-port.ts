import { IntegrityError, InvalidInputError } from '../../base/errors.js'
import type { Item } from '../../store-engine/items/item.js'
import { SslPort, StringEndpointPort, TcpPort } from '../site-items/ports.js'
import { BACKLOG, type Endpoint, parseEndpoint } from './endpoint.js'
import { joinEndpoint } from './endpoint-syntax.js'
import { invalidEndpoint } from './port-errors.js'

/** An item of one of the three kinds that listen. */
export type PortItem = TcpPort | SslPort | StringEndpointPort

export function isPort(item: Item): item is PortItem {
  return item instanceof TcpPort || item instanceof SslPort || item instanceof StringEndpointPort
}

/**
 * Where an item of any of the three kinds listens.
 * @throws InvalidInputError (`ENDPOINT_INVALID`) for an endpoint string that cannot be understood and a number that is
 *   none; IntegrityError for the path of a certificate that leads out of the site.
 */
export function endpointOfPort(port: PortItem): Endpoint {
  const text = endpointTextOf(port)
  if (port instanceof StringEndpointPort) return parseEndpoint(text)
  const { portNumber, interface: face } = port
  if (portNumber === null) throw invalidEndpoint(text, 'has no port number')
  if (portNumber < 0 || portNumber > 65_535) throw invalidEndpoint(text, 'has a port number that is none')
  const where = { port: portNumber, interface: face ?? '', backlog: BACKLOG }
  if (port instanceof TcpPort) return { kind: 'tcp', ...where }
  const path = port.certificatePath
  return { kind: 'ssl', ...where, certificate: path === null ? null : { certificate: path, key: path, chain: null } }
}

/** Undefined for what listens nowhere since it cannot be understood. */
export function findEndpointOfPort(port: PortItem): Endpoint | undefined {
  try {
    return endpointOfPort(port)
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof IntegrityError) return undefined
    throw error
  }
}

/**
 * A port as an endpoint string for people: as it was written, or short, without the path of its certificate. It can
 * always be told, also where nobody could listen there.
 */
export function endpointTextOf(port: PortItem): string {
  if (port instanceof StringEndpointPort) return port.description
  const named = new Map(port.interface ? [['interface', port.interface]] : [])
  const kind = port instanceof TcpPort ? 'tcp' : 'ssl'
  return joinEndpoint({ kind, places: [String(port.portNumber ?? '')], named })
}
