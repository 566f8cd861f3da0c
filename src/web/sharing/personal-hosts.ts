import { type Address, formatAddress } from '../../base/address.js'
import type { Site } from '../../site/site.js'
import { isHostedDomain, nameIn } from '../site/site-hosts.js'
import type { VirtualHost } from '../site/virtual-hosts.js'
import type { Web } from '../web.js'
import { encodeSegment } from './share-links.js'

/** On hosts of people's own, paths begin with the ID of a share. Their pages are for visitors: no cookie of the site gets there. */
export function virtualHostsOf({ host: { site }, hosts }: Web): VirtualHost {
  const isOwn = (name: string) => hosts.isOurs(name) && !name.startsWith('www.')
  return (host, url) => {
    const owner = virtualHostOf(site, host, isOwn)
    return owner === undefined ? undefined : `/users/${encodeSegment(formatAddress(owner))}${url}`
  }
}

/**
 * Whose host a name is: `alice.example.com` is that of alice@example.com, where the site is `example.com` or maintains
 * addresses in it. The port does not count, `www.` is nobody, and the name of the site or of one of its domains is not
 * somebody's host. Whether there is such a person is not asked.
 *
 * @param host - a Host header.
 * @param isOwn - whether the site goes by that name.
 */
export function virtualHostOf(
  site: Site,
  host: string,
  isOwn: (name: string) => boolean = name => isHostedDomain(site, name),
): Address | undefined {
  const name = nameIn(host)
  if (isOwn(name)) return undefined
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const [localpart, domain] = [name.slice(0, dot), name.slice(dot + 1)]
    if (localpart !== 'www' && domain !== '' && isOwn(domain)) return { localpart, domain }
  }
  return undefined
}
