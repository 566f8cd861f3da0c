import { isAbsolute, resolve } from 'node:path'
import { installOn } from '../../store-engine/powerups/dependency.js'
import type { Store } from '../../store-engine/store.js'
import { readCredentials } from '../certificates/credentials.js'
import { certificateFilesFor } from '../certificates/site-certificate.js'
import { StringEndpointPort } from '../site-items/ports.js'
import { type CertificatePaths, type Endpoint, formatEndpoint, LONGEST_SOCKET_PATH, parseEndpoint } from './endpoint.js'
import { endpointTextOf, findEndpointOfPort } from './endpoint-of-port.js'
import { findFactory, type PortFactory } from './find-factory.js'
import { portItemsOf } from './list-ports.js'
import { PortTakenError, socketPathTooLong } from './port-errors.js'

export interface NewPort {
  /** An endpoint string. */
  readonly endpoint: string
  /** A storeID, a name, or `web`. */
  readonly factory: string
  /** Relative paths in the endpoint are meant from here. */
  readonly from: string
}

export interface PlannedPort {
  /** As it will be stored: as it was written, or with absolute paths in the place of relative ones. */
  readonly endpoint: string
  readonly factory: PortFactory
}

/**
 * What {@link createPort} would make.
 * @throws InvalidInputError (`ENDPOINT_INVALID`, `SOCKET_PATH_TOO_LONG`), FactoryNotFoundError, PortTakenError, and for
 *   TLS what reading the certificate throws.
 */
export function planPort(siteStore: Store, { endpoint: text, factory, from }: NewPort): PlannedPort {
  const written = parseEndpoint(text)
  const meant = withAbsolutePaths(written, from)
  const endpoint = formatEndpoint(meant) === formatEndpoint(written) ? text : formatEndpoint(meant)
  const found = findFactory(siteStore, factory)
  if (meant.kind === 'ssl') readCredentials(certificateFilesFor(meant.certificate, siteStore))
  if (meant.kind === 'unix' && Buffer.byteLength(meant.path) > LONGEST_SOCKET_PATH)
    throw socketPathTooLong(meant.path, LONGEST_SOCKET_PATH)
  assertFree(siteStore, meant, endpoint)
  return { endpoint, factory: found }
}

/**
 * Adds a port to the site: an endpoint string, as the original does.
 * @throws as {@link planPort}, and UnknownItemTypeError where the code of the factory is not loaded; nothing was made.
 */
export function createPort(siteStore: Store, port: NewPort): StringEndpointPort {
  return siteStore.transact(() => {
    const { endpoint, factory } = planPort(siteStore, port)
    const item = siteStore.getItemById(factory.storeID)
    const made = siteStore.create(StringEndpointPort, { description: endpoint, factory: item })
    installOn(made, siteStore)
    return made
  })
}

function withAbsolutePaths(endpoint: Endpoint, from: string): Endpoint {
  if (endpoint.kind === 'unix') return { ...endpoint, path: resolve(from, endpoint.path) }
  if (endpoint.kind !== 'ssl' || endpoint.certificate === null) return endpoint
  return { ...endpoint, certificate: absoluteFiles(endpoint.certificate, from) }
}

function absoluteFiles({ certificate, key, chain }: CertificatePaths, from: string): CertificatePaths {
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(from, path))
  return { certificate: absolute(certificate), key: absolute(key), chain: chain === null ? null : absolute(chain) }
}

function assertFree(siteStore: Store, endpoint: Endpoint, text: string): void {
  const taken = portItemsOf(siteStore).find(each => {
    const other = findEndpointOfPort(each)
    return other !== undefined && excludeEachOther(endpoint, other)
  })
  if (taken !== undefined) throw new PortTakenError(text, { storeID: taken.storeID, endpoint: endpointTextOf(taken) })
}

function excludeEachOther(one: Endpoint, other: Endpoint): boolean {
  if (one.kind === 'unix' || other.kind === 'unix')
    return one.kind === 'unix' && other.kind === 'unix' && one.path === other.path
  if (one.port !== other.port || one.port === 0) return false
  return one.interface === other.interface || one.interface === '' || other.interface === ''
}
