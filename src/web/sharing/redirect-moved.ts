import type { FastifyReply } from 'fastify'
import { WebRefusal } from '../refusal.js'
import { encodeSegment } from './share-links.js'
import type { MovedOwner } from './share-owner.js'

/**
 * Sends a visitor to the site that serves a moved store now: same path and query, with the whole address for a name,
 * since a localpart alone may be somebody else's there.
 * @throws WebRefusal with 410 where nobody has told a public URL of that site.
 */
export function redirectToOtherSite({ address, publicUrl, rest }: MovedOwner, reply: FastifyReply): FastifyReply {
  if (publicUrl === null || !/^https?:\/\//i.test(publicUrl))
    throw new WebRefusal(410, 'This has moved to another site, and it is not known where that is reached.')
  const root = address.includes('@') ? `users/${encodeSegment(address)}` : encodeSegment(address)
  reply.header('cache-control', 'no-store')
  return reply.redirect(`${publicUrl.replace(/\/*$/, '/')}${root}${rest}`, 307)
}
