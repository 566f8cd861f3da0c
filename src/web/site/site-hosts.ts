/**
 * Which host names are this site's.
 *
 * A request says in its Host header whom it thinks to be talking to. The site answers to its own name, to `www.` before
 * it, to every domain in which it maintains an address, to the host of its public URL, and to numeric addresses and
 * `localhost`, by which an administrator reaches it. Any other name is somebody else's that leads here: answering to it
 * would let that somebody's pages read ours (DNS rebinding) and put their name into our links.
 */
import { isIP } from 'node:net'
import { domainToUnicode } from 'node:url'
import type { FastifyRequest } from 'fastify'
import { LoginMethod } from '../../accounts/login-method.js'
import { foldCase } from '../../base/address.js'
import type { Site } from '../../site/site.js'
import { and } from '../../store-engine/queries/comparison.js'
import type { SiteFacts } from './site-facts.js'

/** Milliseconds for which a name that was the site's counts as that. */
const GOOD_FOR = 2000
/** The same name comes with any port that a stranger writes behind it. */
const MOST = 1000

export class SiteHosts {
  readonly #site: Site
  readonly #facts: () => SiteFacts
  readonly #ours = new Set<string>()
  #until = 0

  constructor(site: Site, facts: () => SiteFacts) {
    this.#site = site
    this.#facts = facts
  }

  /** Whether the site answers to this; `host` is a Host header, with or without a port. */
  isOurs(host: string): boolean {
    const now = performance.now()
    if (now > this.#until) {
      this.#ours.clear()
      this.#until = now + GOOD_FOR
    }
    // Only HTTP/1.0 calls nobody by name.
    if (host === '' || this.#ours.has(host)) return true
    const isOurs = this.#isNameOfSite(nameIn(host))
    if (isOurs && this.#ours.size < MOST) this.#ours.add(host)
    return isOurs
  }

  #isNameOfSite(name: string): boolean {
    if (name === '') return false
    if (isIP(name) !== 0 || name === 'localhost') return true
    const { hostname, publicUrl } = this.#facts()
    const bare = name.replace(/^www\./, '')
    if (nameIn(hostname) === bare || isHostedDomain(this.#site, name) || isHostedDomain(this.#site, bare)) return true
    return publicUrl !== null && nameIn(new URL(publicUrl).host) === name
  }
}

/**
 * The Host header; `''` where there is none. What a proxy says in other headers does not count: it is to pass this one on.
 */
export function hostOf(request: FastifyRequest): string {
  return request.headers.host ?? ''
}

/** A Host header without its port, in lower case, international names in letters; `''` for what is no host. */
export function nameIn(host: string): string {
  const [, literal, name] = /^(?:\[([0-9a-f:.]+)\]|([^\s:/?#@[\]\\]+))(?::\d{1,5})?$/i.exec(host) ?? []
  if (literal !== undefined) return isIP(literal) === 6 ? literal.toLowerCase() : ''
  return name === undefined ? '' : domainToUnicode(name.replace(/\.$/, '')) || foldCase(name)
}

/** Whether the site maintains an address in this domain. */
export function isHostedDomain({ store }: Site, domain: string): boolean {
  const where = and(LoginMethod.domain.equals(domain), LoginMethod.internal.equals(true))
  return store.findFirst(LoginMethod, where) !== undefined
}
