import type { Server, Socket } from 'node:net'
import { networkOf } from '../../base/network-address.js'
import type { ServiceLog } from '../../offerings/services.js'

/** Milliseconds between two remarks in the log about the same. */
const REMARK = 60_000

/**
 * The open connections of one server: no more than a fixed number, and none when it has been closed. Who comes when the
 * number is reached is cut off at once, which costs next to nothing; those inside are served on. One address, or
 * one network of IPv6, has half of them at most, so that nobody alone keeps all others out; the machine itself and proxies, who
 * speak for everybody, may have them all.
 */
export class Connections {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #speaksForAll: (address: string) => boolean
  readonly #perNetwork = new Map<string, number>()
  #lastRemark = Number.NEGATIVE_INFINITY
  #refused = 0

  /** @param speaksForAll - whether an address is that of a proxy; asked when it has its half. */
  constructor(server: Server, most: number, speaksForAll: (address: string) => boolean) {
    this.#server = server
    this.#speaksForAll = speaksForAll
    server.maxConnections = most
    server.on('connection', (socket: Socket) => this.#add(socket))
  }

  get count(): number {
    return this.#sockets.size
  }

  /**
   * Says in `log`, at most once a minute, that connections were refused, or failed before they came to anybody because
   * the system ran out of something; `refused` hears of each.
   */
  tell(log: ServiceLog, refused: () => void): void {
    this.#server.on('drop', () => {
      refused()
      this.#refused += 1
      const facts = { most: this.#server.maxConnections, refused: this.#refused }
      this.#seldom(() => log.warn(facts, 'too many connections at a port'))
    })
    this.#server.on('error', error => {
      refused()
      this.#seldom(() => log.error({ err: error }, 'a connection could not be accepted'))
    })
  }

  /**
   * Accepts nobody any more, calls `drain`, and resolves when no connection is open; those that are after `patience`
   * milliseconds are cut.
   */
  async close(drain: () => void, patience: number): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve))
    const end = setTimeout(() => this.#cut(), patience)
    try {
      drain()
    } finally {
      await closed
      clearTimeout(end)
    }
  }

  #add(socket: Socket): void {
    const address = addressOf(socket)
    const network = networkOf(address)
    const count = (this.#perNetwork.get(network) ?? 0) + 1
    this.#sockets.add(socket)
    this.#perNetwork.set(network, count)
    socket.once('close', () => this.#forget(socket, network))
    const half = Math.ceil(this.#server.maxConnections / 2)
    if (count <= half || address === '' || this.#speaksForAll(address)) return
    socket.destroy()
    this.#server.emit('drop', { remoteAddress: address })
  }

  #forget(socket: Socket, network: string): void {
    this.#sockets.delete(socket)
    const left = (this.#perNetwork.get(network) ?? 1) - 1
    if (left === 0) this.#perNetwork.delete(network)
    else this.#perNetwork.set(network, left)
  }

  #seldom(remark: () => void): void {
    if (performance.now() - this.#lastRemark < REMARK) return
    this.#lastRemark = performance.now()
    remark()
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}

/** Empty for this machine, and for sockets in the file system. */
function addressOf({ remoteAddress = '' }: Socket): string {
  const address = remoteAddress.replace(/^::ffff:/, '')
  return /^127\.|^::1$/.test(address) ? '' : address
}
