import type { FastifyRequest } from 'fastify'
import { rootUrl } from './site/site-roots.js'
import { sitePath } from './site-path.js'

/** Where somebody logs in who wants to come back to the page that `request` asks for. */
export function loginPathFor(request: FastifyRequest): string {
  // On a host of somebody's own the path was rewritten to the one that leads there on the site's.
  const next = request.url === '/' || request.url.startsWith('/login') ? undefined : sitePath(request.url)
  return `${rootUrl(request)}login${next === undefined ? '' : `?next=${encodeURIComponent(next)}`}`
}
