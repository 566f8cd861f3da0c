import type { AddressInfo, Server } from 'node:net'

interface Listener {
  readonly server: Server
  readonly encrypted: boolean
}

/** The servers that speak for the web application just now, in the order in which they were made. */
export class Listeners {
  readonly #listeners = new Set<Listener>()

  /** Counts from the moment on in which it listens, until it has closed. */
  add(server: Server, encrypted: boolean): void {
    const listener = { server, encrypted }
    server.on('listening', () => this.#listeners.add(listener))
    server.on('close', () => this.#listeners.delete(listener))
  }

  /** The number of the first TCP port with or without TLS; undefined where none listens. */
  portOf(encrypted: boolean): number | undefined {
    for (const listener of this.#listeners) {
      const address = listener.server.address()
      if (listener.encrypted === encrypted && address !== null && typeof address === 'object')
        return (address as AddressInfo).port
    }
    return undefined
  }
}
