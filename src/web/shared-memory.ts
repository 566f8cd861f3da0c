import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '../base/network-address.js'
import { clientAddress } from './client-address.js'
import { WebRefusal } from './refusal.js'

/**
 * Bodies of requests are kept in memory until they are whole, also those that nobody will look at, and pages until they are
 * taken; and somebody may send slowly, or read nothing, on each of a thousand connections. What is small is always taken;
 * the rest shares what is here, and one address, or network of IPv6, has a part of it.
 */
class SharedMemory {
  readonly #byNetwork = new Map<string, number>()
  #all = 0

  /** Whether there was room; it is held until the exchange has ended. */
  hold(reply: FastifyReply, bytes: number): boolean {
    if (bytes <= SMALL) return true
    const network = networkOf(clientAddress(reply.request))
    if (this.#all + bytes > MOST || (this.#byNetwork.get(network) ?? 0) + bytes > MOST_OF_NETWORK) return false
    this.#count(network, bytes)
    reply.raw.once('close', () => this.#count(network, -bytes))
    return true
  }

  #count(network: string, bytes: number): void {
    this.#all += bytes
    const now = (this.#byNetwork.get(network) ?? 0) + bytes
    if (now > 0) this.#byNetwork.set(network, now)
    else this.#byNetwork.delete(network)
  }
}

const MIB = 1024 ** 2
/** Bytes, for bodies and for pages each. */
const SMALL = 16 * 1024
const MOST = 128 * MIB
const MOST_OF_NETWORK = 16 * MIB

/** Answers 503 to a large body for which there is no room, before any of it is read, and instead of such a page. */
export function registerSharedMemory(app: FastifyInstance): void {
  const bodies = new SharedMemory()
  const pages = new SharedMemory()
  app.addHook('preParsing', (request, reply, _payload, done) => {
    if (bodies.hold(reply, announcedBytes(request))) return done()
    reply.header('connection', 'close')
    done(noRoom())
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (typeof payload !== 'string' || pages.hold(reply, Buffer.byteLength(payload))) return done(null, payload)
    reply.removeHeader('etag')
    done(noRoom())
  })
}

/** What is larger than any body may be is refused by its length; where none is said, it may become as large. */
function announcedBytes({ headers, routeOptions: { bodyLimit } }: FastifyRequest): number {
  const most = bodyLimit ?? 0
  if (headers['transfer-encoding'] !== undefined) return most
  return Math.min(Number(headers['content-length'] ?? 0), most)
}

function noRoom(): WebRefusal {
  return new WebRefusal(503, 'There is too much under way just now. Try again in a moment.')
}
