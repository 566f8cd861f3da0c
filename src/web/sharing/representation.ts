import { hash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Viewer } from '../../sharing/pages/page.js'

/** One form of what was asked for. */
export interface Representation {
  readonly type: string
  readonly text: string
  /** Strong: other bytes, another tag. */
  readonly etag: string
}

export function representationOf(type: string, text: string): Representation {
  return { type, text, etag: `"${hash('sha1', text, 'base64url')}"` }
}

/**
 * Sends it, or 304 where the visitor has it already. Whoever keeps it asks again before it is shown; what was made for
 * somebody, or for a cookie, or brings one, is kept by their own browser only.
 */
export function sendRepresentation(reply: FastifyReply, shown: Representation, viewer: Viewer): FastifyReply {
  const { type, text, etag } = shown
  const isPublic = viewer.address === null && reply.request.headers.cookie === undefined && reply.formToken === null
  reply
    .header('etag', etag)
    .header('vary', 'Accept, Cookie')
    .header('cache-control', isPublic ? 'no-cache' : 'private, no-cache')
  if (isKnown(reply.request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.type(type).send(text)
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some(each => ['*', etag].includes(each.trim().replace(/^W\//, '')))
}
