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
  const site = reachable(publicUrl)
  const root = address.includes('@') ? `users/${encodeSegment(address)}` : encodeSegment(address)
  reply.header('cache-control', 'no-store')
  return reply.redirect(`${site}${root}${rest}`, 307)
}

/**
 * Sends somebody who has posted a login for a moved store to the login page of the site that serves it. What was typed is
 * not sent there.
 * @throws WebRefusal as {@link redirectToOtherSite} does.
 */
export function redirectToOtherLogin({ publicUrl }: MovedOwner, reply: FastifyReply): FastifyReply {
  reply.header('cache-control', 'no-store')
  return reply.redirect(`${reachable(publicUrl)}login`, 303)
}

/** The URL of a site, with a slash at the end. */
function reachable(publicUrl: string | null): string {
  if (publicUrl === null || !/^https?:\/\//i.test(publicUrl))
    throw new WebRefusal(410, 'This has moved to another site, and it is not known where that is reached.')
  return publicUrl.replace(/\/*$/, '/')
}
