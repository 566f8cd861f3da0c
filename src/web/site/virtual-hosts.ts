import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { WebRefusal } from '../refusal.js'
import { hostOf } from './site-hosts.js'
import { absoluteRoot } from './site-roots.js'

/**
 * The path at which something is that a name of its own leads to, for instance `/users/alice/x` for `/x` at
 * `alice.example.com`; undefined where the name is nobody's.
 *
 * @param host - the Host header, which is none of the site's own names.
 * @param url - path and query, still encoded.
 */
export type VirtualHost = (host: string, url: string) => string | undefined

/** What every host serves: the style sheet of its pages. */
const EVERYWHERE = '/static/mantissa/'

/** Characters of a path with its query; headers and request line together have a limit of their own. */
const LONGEST_URL = 4096

/** Where a request leads; called by the router before it looks for a route. */
export function routedUrl({ web }: FastifyInstance, { headers: { host = '' }, url = '/' }: IncomingMessage): string {
  if (web.hosts.isOurs(host) || url.startsWith(EVERYWHERE)) return url
  return web.pathAtVirtualHost(host, url) ?? url
}

/**
 * Sends those on who call the site by a name that is not its own: to its root where it has one that can be reached, and
 * away otherwise (421). What they asked for is asked for again there.
 */
export function registerHostCheck(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { originalUrl, url } = request
    if (!originalUrl.startsWith('/')) return done(new WebRefusal(400, 'This server is no proxy.'))
    if (hasTwoHosts(request)) return done(new WebRefusal(400, 'This request calls two hosts.'))
    if (originalUrl.length > LONGEST_URL) return done(new WebRefusal(414, 'This address is too long.'))
    if (app.web.hosts.isOurs(hostOf(request)) || originalUrl !== url || url.startsWith(EVERYWHERE)) return done()
    sendToOwnName(request, reply, done)
  })
}

/** Node keeps the first; somebody in front of us may have looked at the other. */
function hasTwoHosts({ raw: { rawHeaders } }: FastifyRequest): boolean {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts > 1
}

function sendToOwnName(request: FastifyRequest, reply: FastifyReply, done: (error: Error) => void): void {
  const root = absoluteRoot(request)
  const isReachable = root !== '/' && !root.includes('://localhost')
  if (isReachable && (request.method === 'GET' || request.method === 'HEAD'))
    reply.header('cache-control', 'no-store').redirect(root + request.originalUrl.replace(/^\/+/, ''), 307)
  else done(new WebRefusal(421, 'This is not the site that you have called.'))
}
