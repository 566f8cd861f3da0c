import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { getDomainNames } from '../../accounts/login-methods.js'
import type { Site } from '../../site/site.js'
import { hostnameOf } from '../site-options.js'

/** So many names fit well into a certificate; a site that maintains more domains needs one of its own. */
const MOST = 100

/**
 * The names that people reach a site by: its host name and that with `www.`, every domain that it maintains, and below
 * each of those its users' own hosts.
 */
export function siteNames(site: Site): readonly string[] {
  const hostname = hostnameOf(site)
  const own = isIP(hostname) === 0 ? [hostname, `www.${hostname}`] : [hostname]
  const domains = getDomainNames(site.store).filter(domain => isIP(domain) === 0)
  return [...new Set([...own, ...domains.flatMap(domain => [domain, `*.${domain}`])])].slice(0, MOST)
}

/** The alternative names of a certificate, without what kind each is. */
export function namesIn(certificate: X509Certificate): readonly string[] {
  const listed = certificate.subjectAltName
  return listed === undefined ? [] : listed.split(', ').map(each => each.replace(/^[A-Za-z ]+:/, ''))
}

/** Whether somebody who calls the site by `hostname` would find it in the certificate. */
export function isNamedIn(certificate: X509Certificate, hostname: string): boolean {
  const name = domainToASCII(hostname) || hostname
  return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined
}
