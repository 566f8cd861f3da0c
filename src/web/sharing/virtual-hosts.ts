import { domainToUnicode } from 'node:url'
import { LoginMethod } from '../../accounts/login-method.js'
import { type Address, foldCase } from '../../base/address.js'
import { hostnameOf } from '../../offerings/site-options.js'
import type { Site } from '../../site/site.js'
import { and } from '../../store-engine/queries/comparison.js'

/** A Host header without its port, as a name in letters; `''` for what is no name. */
export function hostnameIn(host: string): string {
  const [, name] = /^([^\s:/?#@[\]\\]+)\.?(?::\d{1,5})?$/.exec(host) ?? []
  return name === undefined ? '' : foldCase(domainToUnicode(name) || name)
}

/**
 * Whose host a name is: `alice.example.com` is that of alice@example.com, where the site is `example.com` or maintains
 * addresses in it. The port does not count, `www.` is nobody, and the name of the site or of one of its domains is not
 * somebody's host. Whether there is such a person is not asked.
 */
export function virtualHostOf(site: Site, host: string): Address | undefined {
  const name = hostnameIn(host)
  if (!name.includes('.') || /^[\d.]+$/.test(name) || isDomainOf(site, name)) return undefined
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const [localpart, domain] = [name.slice(0, dot), name.slice(dot + 1)]
    if (localpart !== 'www' && isDomainOf(site, domain)) return { localpart, domain }
  }
  return undefined
}

/** Whether the site goes by that name, or maintains an address in that domain. */
export function isDomainOf(site: Site, name: string): boolean {
  if (hostnameIn(hostnameOf(site)) === name) return true
  const internal = and(LoginMethod.domain.equals(name), LoginMethod.internal.equals(true))
  return name !== '' && site.store.findFirst(LoginMethod, internal) !== undefined
}
