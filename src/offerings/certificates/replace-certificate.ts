import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import type { Site } from '../../site/site.js'
import type { Store } from '../../store-engine/store.js'
import { CertificateBadError, CertificateMissingError, IssuedElsewhereError } from './certificate-errors.js'
import { siteNames } from './certificate-names.js'
import { isSelfSigned, readCertificate, readCredentials } from './credentials.js'
import { daysLeft, oneLine } from './describe-certificate.js'
import { LONGEST_LIFE, makeCertificate } from './make-certificate.js'
import { siteCertificatePath } from './site-certificate.js'

export interface Renewal {
  /** How long the new one is valid; the longest that browsers accept by default. */
  readonly days?: number
  /** Also where somebody else has issued the old one, or it cannot be read. */
  readonly force?: boolean
}

export interface PlannedCertificate {
  readonly path: string
  readonly names: readonly string[]
}

/**
 * What {@link renewCertificate} would make.
 * @throws IssuedElsewhereError and CertificateBadError, unless it is forced.
 */
export function planRenewal(site: Site, { force = false }: Renewal): PlannedCertificate {
  const path = siteCertificatePath(site.store)
  if (!force) assertOurs(path)
  return { path, names: siteNames(site) }
}

/**
 * Replaces the site's certificate and key by new, self-signed ones for all names of the site; the next to connect to a
 * running node sees it. A certificate that somebody else has issued is kept beside it as `….previous`.
 * @throws as {@link planRenewal}; nothing was changed.
 */
export async function renewCertificate(site: Site, renewal: Renewal): Promise<void> {
  const { names } = planRenewal(site, renewal)
  const now = new Date(Number(site.clock() / 1000n))
  put(site.store, await makeCertificate({ names, days: renewal.days ?? LONGEST_LIFE, now }))
}

export interface GivenCertificate {
  /** Absolute paths of PEM files. */
  readonly certificate: string
  /** The file of the certificate by default. */
  readonly key?: string
  /** Also one that has expired. */
  readonly force?: boolean
}

/**
 * Takes a certificate with its chain and its key into the site, as a copy: the format of the store has no place for a
 * path outside of it. The next to connect to a running node sees it.
 * @throws CertificateMissingError, CertificateBadError (also for one that has expired), KeyMismatchError; nothing was
 *   changed.
 */
export function takeCertificate(site: Site, given: GivenCertificate): void {
  planTaking(site, given)
  const { certificate, key = certificate } = given
  const credentials = readCredentials({ certificate, key, chain: null })
  put(site.store, `${credentials.key.trim()}\n${credentials.certificates}`)
}

/** Where it would be put; throws as {@link takeCertificate}. */
export function planTaking(site: Site, { certificate: path, key = path, force = false }: GivenCertificate): string {
  const { certificate } = readCredentials({ certificate: path, key, chain: null })
  if (!force && daysLeft(certificate, site) < 0)
    throw new CertificateBadError(path, `has expired on ${certificate.validTo}`)
  return siteCertificatePath(site.store)
}

function assertOurs(path: string): void {
  try {
    const certificate = readCertificate(path)
    if (!isSelfSigned(certificate)) throw new IssuedElsewhereError(path, oneLine(certificate.issuer))
  } catch (error) {
    if (!(error instanceof CertificateMissingError)) throw error
  }
}

function put(siteStore: Store, pem: string): void {
  const path = siteCertificatePath(siteStore)
  keepIssued(siteStore, path)
  write(siteStore, path, pem)
}

/** What was bought once is not lost. */
function keepIssued(siteStore: Store, path: string): void {
  try {
    if (isSelfSigned(readCertificate(path))) return
  } catch {
    return
  }
  write(siteStore, `${path}.previous`, readFileSync(path))
}

/** Whole, or not at all, and readable by the owner of the site only. */
function write(siteStore: Store, path: string, content: string | Uint8Array): void {
  using file = siteStore.newFile(...relative(siteStore.filesDirectory ?? '', path).split(sep))
  file.write(content)
  file.close()
}
