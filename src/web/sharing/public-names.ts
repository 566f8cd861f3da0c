/**
 * Whom a name in a URL means: `/users/alice/` and `/users/alice@example.com/`.
 *
 * Only internal addresses are names: those of domains that this site maintains. That somebody here has an address
 * elsewhere is nobody's business, and it may be spelled as somebody else's name.
 *
 * A localpart without a domain means the one in the domain that the visitor came to, by the Host header; else the one in
 * the site's own domain; else the only one. Where several are left it means nobody.
 */
import type { LoginAccount } from '../../accounts/login-account.js'
import { LoginMethod } from '../../accounts/login-method.js'
import { type MovedTo, movedTo } from '../../accounts/moved-to.js'
import { type Address, foldCase, parseExistingAddress } from '../../base/address.js'
import { hostnameOf } from '../../offerings/site-options.js'
import { isArriving } from '../../site/arrivals.js'
import type { Site } from '../../site/site.js'
import { findTombstone, listTombstonesWithLocalpart, type Tombstone } from '../../site/tombstones.js'
import { and } from '../../store-engine/queries/comparison.js'
import { nameIn } from '../site/site-hosts.js'

/** Somebody here; somebody who has moved, with the address that went; somebody who will be here in a moment; or nobody. */
export type NamedOwner =
  | { readonly kind: 'here'; readonly account: LoginAccount }
  | { readonly kind: 'moved'; readonly address: string; readonly to: MovedTo }
  | { readonly kind: 'arriving' }
  | { readonly kind: 'unknown' }

const UNKNOWN: NamedOwner = { kind: 'unknown' }

/** @param host - the Host header of who asks. */
export function locateOwner(site: Site, name: string, host: string): NamedOwner {
  if (name === '' || name.includes('\0') || !name.isWellFormed()) return UNKNOWN
  const address = parseExistingAddress(name)
  if (address.domain === null) return locateLocalpart(site, name, host)
  const methods = internalMethods(site, address.localpart)
  const domain = address.domain
  const [method] = methods.filter(each => isSameName(each.domain, domain))
  if (method !== undefined) return { kind: 'here', account: method.account }
  return elsewhere(site, address)
}

/** The application store of a prefix that is not here, where it has moved. */
export function locateApplication(site: Site, prefix: string): NamedOwner {
  if (prefix === '' || prefix.includes('\0') || !prefix.isWellFormed() || prefix.includes('@')) return UNKNOWN
  return elsewhere(site, { localpart: prefix, domain: null })
}

function locateLocalpart(site: Site, localpart: string, host: string): NamedOwner {
  const methods = internalMethods(site, localpart)
  const [account, another] = new Set(methods.map(method => method.account))
  if (account !== undefined && another === undefined) return { kind: 'here', account }
  const domains = [nameIn(host), nameIn(hostnameOf(site))]
  if (account !== undefined) {
    const chosen = nearest(methods, domains, ({ domain }) => domain)
    return chosen === undefined ? UNKNOWN : { kind: 'here', account: chosen.account }
  }
  const stones = listTombstonesWithLocalpart(site, localpart)
  const stone = stones.length === 1 ? stones[0] : nearest(stones, domains, ({ address }) => domainOf(address))
  return stone === undefined ? UNKNOWN : moved(stone)
}

function nearest<T>(
  candidates: readonly T[],
  domains: readonly string[],
  domainOfOne: (candidate: T) => string | null,
): T | undefined {
  return domains
    .map(domain => candidates.find(candidate => isSameName(domainOfOne(candidate), domain)))
    .find(found => found !== undefined)
}

/** The internal methods of a localpart as typed, or else in NFC; the oldest first. */
function internalMethods(site: Site, localpart: string): readonly LoginMethod[] {
  const asTyped = findMethods(site, localpart)
  const normal = localpart.normalize('NFC')
  return asTyped.length > 0 || normal === localpart ? asTyped : findMethods(site, normal)
}

function findMethods({ store }: Site, localpart: string): readonly LoginMethod[] {
  const { localpart: name, internal, domain, storeID } = LoginMethod
  const where = and(name.equals(localpart), internal.equals(true), domain.notEquals(null))
  return store.query(LoginMethod, { where, sort: storeID.ascending }).toArray()
}

function isSameName(one: string | null, other: string): boolean {
  return one !== null && foldCase(one.normalize('NFC')) === foldCase(other.normalize('NFC'))
}

function domainOf(address: string): string {
  return address.slice(address.indexOf('@') + 1)
}

/** Who comes back has a tombstone until they are here. */
function elsewhere(site: Site, address: Address): NamedOwner {
  if (isArriving(site, address)) return { kind: 'arriving' }
  const stone = findTombstone(site, address)
  return stone === undefined ? UNKNOWN : moved(stone)
}

function moved(stone: Tombstone): NamedOwner {
  return { kind: 'moved', address: stone.address, to: movedTo(stone) }
}
