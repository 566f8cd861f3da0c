import { Server as HttpServer } from 'node:http'
import { Server as HttpsServer } from 'node:https'
import type { Server, Socket } from 'node:net'
import type { ServiceLog } from '../../offerings/services.js'

/** Milliseconds between two remarks in the log about the same. */
const REMARK = 60_000
/** Milliseconds between two looks for connections that have become idle. */
const LOOK = 50

/**
 * The open connections of one server: no more than a fixed number, and none when it has been closed. Who comes when the
 * number is reached is cut off at once, which costs next to nothing; those inside are served on.
 */
export class Connections {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #lastRemark = Number.NEGATIVE_INFINITY
  #refused = 0

  constructor(server: Server, most: number) {
    this.#server = server
    server.maxConnections = most
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  get count(): number {
    return this.#sockets.size
  }

  /** Says in `log`, at most once a minute, that connections were refused; `refused` hears of each. */
  tell(log: ServiceLog, refused: () => void): void {
    this.#server.on('drop', () => {
      refused()
      this.#refused += 1
      if (performance.now() - this.#lastRemark < REMARK) return
      this.#lastRemark = performance.now()
      log.warn({ most: this.#server.maxConnections, refused: this.#refused }, 'too many connections at a port')
    })
  }

  /**
   * Accepts nobody any more, calls `drain`, and resolves when no connection is open; those that are after `patience`
   * milliseconds are cut.
   */
  async close(drain: () => void, patience: number): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve))
    // A request that was under way when `drain` was called leaves an idle connection behind.
    const looks = setInterval(() => this.#closeIdle(), LOOK)
    const end = setTimeout(() => this.#cut(), patience)
    try {
      drain()
    } finally {
      await closed
      clearInterval(looks)
      clearTimeout(end)
    }
  }

  #closeIdle(): void {
    if (this.#server instanceof HttpServer || this.#server instanceof HttpsServer) this.#server.closeIdleConnections()
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}
