import type { FastifyRequest } from 'fastify'
import { hostOf } from './site/site-hosts.js'

/**
 * Whether what is answered travels encrypted to the visitor: over a TLS port of ours, or through somebody in front of us
 * who does the encryption (a trusted proxy that says so, or the host of a public URL that begins with `https:`).
 */
export function isSecure(request: FastifyRequest): boolean {
  if (request.protocol === 'https') return true
  const { publicUrl } = request.server.web.facts
  return publicUrl?.startsWith('https:') === true && new URL(publicUrl).host === hostOf(request)
}
