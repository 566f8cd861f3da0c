import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { isSecure } from '../secure.js'
import { hostOf, nameIn } from '../site/site-hosts.js'
import { encryptedRoot } from '../site/site-roots.js'
import { sitePath } from '../site-path.js'

/**
 * The login page at the TLS port, where the site has one and the request did not come that way: passwords are not typed
 * into pages that travel in clear. Undefined where all is well, and for `localhost` and loopback addresses, from which
 * nothing travels.
 */
export function secureLoginPage(request: FastifyRequest): string | undefined {
  if (isSecure(request)) return undefined
  const name = nameIn(hostOf(request))
  if (name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))) return undefined
  const hostname = request.server.web.hosts.isOurs(hostOf(request)) ? hostIn(name) : undefined
  const root = encryptedRoot(request, hostname)
  if (root === undefined) return undefined
  const next = sitePath([(request.query as { next?: string | string[] }).next].flat()[0])
  return `${root}login${next === undefined ? '' : `?next=${encodeURIComponent(next)}`}`
}

function hostIn(name: string): string {
  return isIP(name) === 6 ? `[${name}]` : name
}
