import { readFileSync } from 'node:fs'
import type { AddressInfo, ListenOptions, Server, Socket } from 'node:net'
import { UnavailableError } from '../../base/errors.js'
import type { ProtocolFactory, ProtocolFactoryMaker, Service, ServiceHost } from '../../offerings/services.js'
import { SslPort, StringEndpointPort, TcpPort } from '../../offerings/site-items/ports.js'
import { Item, type ItemConstructor } from '../../store-engine/items/item.js'
import type { FactoryMakers } from '../service-tree.js'

export type PortItem = TcpPort | SslPort | StringEndpointPort

export function isPort(item: Item): item is PortItem {
  return item instanceof TcpPort || item instanceof SslPort || item instanceof StringEndpointPort
}

/** A port of the site store that listens. */
export class ListeningPort implements Service {
  readonly #port: PortItem
  readonly #makers: FactoryMakers
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #factory: ProtocolFactory | undefined

  constructor(port: PortItem, makers: FactoryMakers) {
    this.#port = port
    this.#makers = makers
  }

  /** Where it listens; undefined while it does not. A string is the path of a socket. */
  get address(): AddressInfo | string | undefined {
    return this.#server?.address() ?? undefined
  }

  async startService(host: ServiceHost): Promise<void> {
    const { factory } = this.#port
    if (!(factory instanceof Item)) throw new UnavailableError('the port has nobody who would speak at it')
    const { typeName } = (factory.constructor as ItemConstructor).itemType
    const maker = this.#makers.get(typeName) ?? (factory as Item & ProtocolFactoryMaker)
    this.#factory = await maker.makeProtocolFactory(host)
    const tls = this.#port instanceof SslPort ? credentialsAt(this.#port.certificatePath ?? '') : null
    this.#server = this.#factory.createServer(tls)
    this.#server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    await listen(this.#server, listenOptions(this.#port))
  }

  async stopService(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    const closed = new Promise(resolve => server.close(resolve))
    this.#factory?.drain?.(server)
    const patience = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy()
    }, 5000)
    await closed
    clearTimeout(patience)
    await this.#factory?.close?.()
  }
}

function listenOptions(port: PortItem): ListenOptions {
  if (port instanceof StringEndpointPort)
    throw new UnavailableError(`no port can be made of ${port.description}`, { code: 'ENDPOINT_UNKNOWN' })
  return { port: port.portNumber ?? 0, host: port.interface || '::' }
}

function credentialsAt(path: string): { readonly key: Buffer; readonly cert: Buffer } {
  const pem = readFileSync(path)
  return { key: pem, cert: pem }
}

function listen(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
