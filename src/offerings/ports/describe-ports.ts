import { IntegrityError } from '../../base/errors.js'
import type { Store } from '../../store-engine/store.js'
import { SslPort, TcpPort } from '../site-items/ports.js'
import { endpointTextOf, type PortItem } from './endpoint-of-port.js'
import { listFactories, type PortFactory } from './find-factory.js'
import { portItemsOf } from './list-ports.js'

/** A port as it is stored, or a factory without one. */
export interface DescribedPort {
  /** Null for a factory that has no port. */
  readonly storeID: number | null
  readonly kind: 'tcp' | 'ssl' | 'endpoint' | null
  /** As an endpoint string. */
  readonly endpoint: string | null
  /** Empty for all. Null where only the endpoint string says it. */
  readonly interface: string | null
  readonly portNumber: number | null
  readonly certificate: string | null
  /** Null for a port that has none. */
  readonly factory: PortFactory | null
}

/** The ports of a site under their factories, which come in the order of their storeIDs; idle ones too. */
export function describePorts(siteStore: Store): readonly DescribedPort[] {
  const ports = portItemsOf(siteStore).map(port => describePort(siteStore, port))
  const orphans = ports.filter(({ factory }) => factory === null)
  const listed = listFactories(siteStore).flatMap(factory => {
    const own = ports.filter(each => each.factory?.storeID === factory.storeID)
    return own.length > 0 ? own : [{ ...NO_PORT, factory }]
  })
  return [...listed, ...orphans]
}

const NO_PORT = {
  storeID: null,
  kind: null,
  endpoint: null,
  interface: null,
  portNumber: null,
  certificate: null,
} as const

/** One port as it is stored. */
export function describePort(siteStore: Store, port: PortItem): DescribedPort {
  const id = siteStore.storedReference(port, 'factory')
  const factory = id === null ? null : { storeID: id, typeName: siteStore.typeNameOf(id) ?? null }
  const { storeID } = port
  const endpoint = endpointTextOf(port)
  if (!(port instanceof TcpPort || port instanceof SslPort))
    return { ...NO_PORT, storeID, kind: 'endpoint', endpoint, factory }
  const where = { interface: port.interface ?? '', portNumber: port.portNumber }
  if (port instanceof TcpPort) return { ...NO_PORT, storeID, kind: 'tcp', endpoint, ...where, factory }
  return { storeID, kind: 'ssl', endpoint, ...where, certificate: certificatePathOf(port), factory }
}

/** A path that leads out of the site is nobody's business here; the port says so when it is to listen. */
function certificatePathOf(port: SslPort): string | null {
  try {
    return port.certificatePath
  } catch (error) {
    if (error instanceof IntegrityError) return null
    throw error
  }
}
