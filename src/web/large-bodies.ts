import type { FastifyInstance, FastifyRequest } from 'fastify'
import { networkOf } from '../base/network-address.js'
import { clientAddress } from './client-address.js'
import { WebRefusal } from './refusal.js'

/**
 * Bodies are kept in memory until they are whole, also those that nobody will read, and somebody may send one slowly on
 * each of a thousand connections. Those that are small, as nearly all forms are, are always taken; the others share what
 * is here, and one address, or network of IPv6, has a part of it.
 */
export interface BodyLimits {
  /** Bytes of a body that is always taken. */
  readonly small: number
  /** Bytes of all others that are under way, or are being answered. */
  readonly all: number
  /** Of those that come from one network. */
  readonly network: number
}

export const BODY_LIMITS: BodyLimits = { small: 16 * 1024, all: 128 * 1024 ** 2, network: 16 * 1024 ** 2 }

/** Answers 503 to large bodies for which there is no room, before any of it is read. */
export function registerLargeBodies(app: FastifyInstance, limits = BODY_LIMITS): void {
  const byNetwork = new Map<string, number>()
  let all = 0
  const count = (network: string, bytes: number): void => {
    all += bytes
    const now = (byNetwork.get(network) ?? 0) + bytes
    if (now > 0) byNetwork.set(network, now)
    else byNetwork.delete(network)
  }
  app.addHook('preParsing', (request, reply, _payload, done) => {
    const bytes = announcedBytes(request)
    if (bytes <= limits.small) return done()
    const network = networkOf(clientAddress(request))
    if (all + bytes > limits.all || (byNetwork.get(network) ?? 0) + bytes > limits.network) {
      reply.header('connection', 'close')
      return done(new WebRefusal(503, 'The site takes too much at once just now. Try again in a moment.'))
    }
    count(network, bytes)
    reply.raw.once('close', () => count(network, -bytes))
    done()
  })
}

/** What is larger than any body may be is refused by its length; where none is said, it may become as large. */
function announcedBytes({ headers, routeOptions: { bodyLimit } }: FastifyRequest): number {
  const most = bodyLimit ?? 0
  if (headers['transfer-encoding'] !== undefined) return most
  return Math.min(Number(headers['content-length'] ?? 0), most)
}
