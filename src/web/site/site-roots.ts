import type { FastifyRequest } from 'fastify'
import { hostOf } from './site-hosts.js'

/**
 * What links to this site begin with on the page that answers `request`: `/` where the visitor calls the site by a name
 * of its own, else an absolute URL.
 */
export function rootUrl(request: FastifyRequest): string {
  return request.server.web.hosts.isOurs(hostOf(request)) ? '/' : absoluteRoot(request)
}

/** The public URL of the site, else its root at one of its ports, encrypted if possible; it ends with a slash. */
export function absoluteRoot(request: FastifyRequest): string {
  const { publicUrl } = request.server.web.facts
  if (publicUrl !== null) return `${publicUrl}/`
  return encryptedRoot(request) ?? cleartextRoot(request) ?? '/'
}

/** Undefined where no TLS port listens. `hostname` without a port; the site's own where nothing is said. */
export function encryptedRoot(request: FastifyRequest, hostname?: string): string | undefined {
  return rootAt(request, true, hostname)
}

export function cleartextRoot(request: FastifyRequest, hostname?: string): string | undefined {
  return rootAt(request, false, hostname)
}

function rootAt({ server: { web } }: FastifyRequest, encrypted: boolean, hostname?: string): string | undefined {
  const port = web.listeners.portOf(encrypted)
  if (port === undefined) return undefined
  const name = hostname ?? web.facts.hostname
  const usual = encrypted ? 443 : 80
  return `${encrypted ? 'https' : 'http'}://${name}${port === usual ? '' : `:${port}`}/`
}
