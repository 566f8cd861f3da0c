/**
 * A port of the site store while a node listens at it.
 *
 * It is made of an item of one of three kinds (a TCP port, a TLS port, an endpoint string) and brings connections to what
 * the item's factory makes; all ports of one factory share what was made. It holds what every protocol needs: the
 * certificate, the number of connections, the end.
 *
 * Left out: how long a connection may be silent or a request may take, since only the protocol knows.
 */
import type { AddressInfo, Server } from 'node:net'
import { resolve } from 'node:path'
import { Server as TlsServer } from 'node:tls'
import { certificateFilesFor } from '../../offerings/certificates/site-certificate.js'
import type { Endpoint } from '../../offerings/ports/endpoint.js'
import { endpointOfPort, endpointTextOf, type PortItem } from '../../offerings/ports/endpoint-of-port.js'
import type { Service, ServiceHost } from '../../offerings/services.js'
import { isTrustedProxy } from '../../offerings/web-settings/trusted-proxies.js'
import type { FactoryMakers } from '../service-tree.js'
import { Connections } from './connections.js'
import { listen } from './listen.js'
import { PortCertificate } from './port-certificate.js'
import { listenFailure } from './port-failure.js'
import { type FactoryLease, leaseFactory } from './protocol-factories.js'

export interface ListeningOptions {
  /** How many connections are open at a time. */
  readonly mostConnections?: number
  /** Milliseconds that connections are given to end when the port stops. */
  readonly patience?: number
  /** Milliseconds between two looks at the files of the certificate. */
  readonly lookEvery?: number
}

/** Each costs a descriptor, of which a process often has no more than 4096, and some ten KiB. */
const MOST_CONNECTIONS = 2000
const PATIENCE = 5000

interface Running {
  readonly server: Server
  readonly connections: Connections
  readonly certificate: PortCertificate | null
  readonly lease: FactoryLease
}

export class ListeningPort implements Service {
  readonly #port: PortItem
  readonly #makers: FactoryMakers
  readonly #options: ListeningOptions
  #running: Running | undefined

  constructor(port: PortItem, makers: FactoryMakers, options: ListeningOptions = {}) {
    this.#port = port
    this.#makers = makers
    this.#options = options
  }

  /** Where it listens; undefined while it does not. A string is the path of a socket. */
  get address(): AddressInfo | string | undefined {
    return this.#running?.server.address() ?? undefined
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#running?.connections.count ?? 0
  }

  /**
   * Listens.
   * @throws a MantissaError that says what to do where the port is busy or not allowed, the address is not this machine's,
   *   the certificate cannot be used, or nobody would speak; it holds nothing then, and can be started again.
   */
  async startService(host: ServiceHost): Promise<void> {
    this.#running = await this.#start(host)
  }

  /** Accepts nobody any more, lets go those who are inside, and cuts them when they take too long. */
  async stopService(): Promise<void> {
    const running = this.#running
    if (running === undefined) return
    const { server, connections, certificate, lease } = running
    certificate?.stopWatching()
    await connections.close(() => lease.factory.drain?.(server), this.#options.patience ?? PATIENCE)
    this.#running = undefined
    await lease.release()
  }

  /** Looks at once whether there is a new certificate; one that cannot be used is told in the log. */
  reloadCertificate(): void {
    this.#running?.certificate?.reload()
  }

  async #start(host: ServiceHost): Promise<Running> {
    const endpoint = absolute(endpointOfPort(this.#port), host)
    const text = endpointTextOf(this.#port)
    const log = host.log.child({ port: this.#port.storeID })
    const certificate = certificateFor(endpoint, host, log)
    const lease = await leaseFactory(this.#port, this.#makers, host)
    let server: Server | undefined
    try {
      server = lease.factory.createServer(certificate?.tlsOptions ?? null)
      const most = this.#options.mostConnections ?? MOST_CONNECTIONS
      const connections = new Connections(server, most, address => mayBeProxy(host, address))
      await listen(server, endpoint)
      connections.tell(log, counterFor(host, text))
      if (server instanceof TlsServer) certificate?.watch(server, this.#options.lookEvery)
      return { server, connections, certificate, lease }
    } catch (error) {
      server?.close()
      await lease.release()
      throw listenFailure(error, endpoint, text)
    }
  }
}

/** Where it cannot be read just now (the site is busy), nobody is cut off for it. */
function mayBeProxy({ site, log }: ServiceHost, address: string): boolean {
  try {
    return isTrustedProxy(site, address)
  } catch (error) {
    log.debug({ reason: String(error) }, 'the trusted proxies could not be read')
    return true
  }
}

function counterFor(host: ServiceHost, port: string): () => void {
  const help = 'Connections that were cut off at once, because there were too many'
  const refused = host.measures.counter('mantissa_refused_connections_total', help, ['port'])
  return () => refused.add({ port })
}

function certificateFor(endpoint: Endpoint, host: ServiceHost, log: ServiceHost['log']): PortCertificate | null {
  if (endpoint.kind !== 'ssl') return null
  return new PortCertificate(certificateFilesFor(endpoint.certificate, host.site.store), log)
}

/** A socket's path is meant from the directory of the site. */
function absolute(endpoint: Endpoint, host: ServiceHost): Endpoint {
  return endpoint.kind === 'unix' ? { ...endpoint, path: resolve(host.site.directory, endpoint.path) } : endpoint
}
