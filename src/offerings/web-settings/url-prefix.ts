import { foldCase } from '../../base/address.js'
import type { Store } from '../../store-engine/store.js'
import { getInstalledOfferingNames } from '../installed-offerings.js'
import { PublicWeb } from '../site-items/public-pages.js'
import { badPrefix, prefixTaken } from './web-errors.js'

/** First segments of paths that the site itself, here or in the original, keeps for its pages. */
export const RESERVED_SEGMENTS: readonly string[] = [
  ...['users', 'private', 'login', 'logout', 'resetPassword', 'password', 'sessions', 'account'],
  ...['static', 'assets', 'admin', 'metrics', 'favicon.ico', 'robots.txt', '.well-known'],
  ...['live', 'Mantissa', '__jsmodule__'],
]

/**
 * A prefix as it is stored, without slashes around it.
 * @throws InvalidInputError (`PREFIX_INVALID`)
 */
export function parsePrefix(text: string): string {
  const prefix = text.replace(/^\//, '').replace(/\/$/, '')
  if (prefix === '') throw badPrefix(text, 'is empty')
  if (/[\p{Cc}\s\\?#%]/u.test(prefix) || !prefix.isWellFormed()) throw badPrefix(text, 'holds what an address cannot')
  for (const segment of prefix.split('/'))
    if (segment === '' || segment === '.' || segment === '..') throw badPrefix(text, 'leads elsewhere')
  return prefix
}

/** @throws ConflictError (`PREFIX_TAKEN`) where pages of the site, or of an offering, have the first segment. */
export function assertUnreserved(siteStore: Store, prefix: string): void {
  const first = foldCase(prefix.split('/')[0] ?? '')
  if (RESERVED_SEGMENTS.some(each => foldCase(each) === first)) throw prefixTaken(prefix, 'pages of the site itself')
  const offerings = [...getInstalledOfferingNames(siteStore), ...prefixesOfOfferings(siteStore)]
  const offering = offerings.find(each => foldCase(each) === first)
  if (offering !== undefined) throw prefixTaken(prefix, `the offering ${offering}`)
}

function prefixesOfOfferings(siteStore: Store): readonly string[] {
  return siteStore
    .query(PublicWeb)
    .toArray()
    .map(each => each.prefixURL)
}
