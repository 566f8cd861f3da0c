import type { X509Certificate } from 'node:crypto'
import type { Site } from '../../site/site.js'
import { Timestamp } from '../../store-engine/attributes/timestamp.js'
import type { Store } from '../../store-engine/store.js'
import { findEndpointOfPort } from '../ports/endpoint-of-port.js'
import { portItemsOf } from '../ports/list-ports.js'
import { hostnameOf } from '../site-options.js'
import { CertificateBadError, CertificateMissingError } from './certificate-errors.js'
import { isNamedIn, namesIn } from './certificate-names.js'
import { type Credentials, isSelfSigned, readCertificate, readCredentials } from './credentials.js'
import { certificateFilesFor, siteCertificatePath } from './site-certificate.js'

/** What may be told of a certificate: all but its key. */
export interface DescribedCertificate {
  readonly path: string
  readonly subject: string
  readonly names: readonly string[]
  readonly issuer: string
  readonly selfSigned: boolean
  /** RFC 3339. */
  readonly notBefore: string
  readonly notAfter: string
  /** Whole days, rounded down; below zero when it has expired. */
  readonly daysLeft: number
  readonly serial: string
  /** SHA-256. */
  readonly fingerprint: string
  /** Permissions of the file with the key, such as `600`. */
  readonly keyMode: string
  /** Numbers of the ports that use it. */
  readonly ports: readonly number[]
  /** Whether it is for the host name of the site. */
  readonly namesSite: boolean
  /** Paths of the other certificates that ports use. */
  readonly others: readonly string[]
}

const DAY = 86_400_000

/**
 * The certificate of a site.
 * @throws CertificateMissingError, CertificateBadError, KeyMismatchError
 */
export function describeSiteCertificate(site: Site): DescribedCertificate {
  const path = siteCertificatePath(site.store)
  const used = certificatesOfPorts(site.store)
  return {
    path,
    ...describe(readCredentials({ certificate: path, key: path, chain: null }), site),
    ports: used.filter(each => each.path === path).map(each => each.port),
    others: [...new Set(used.map(each => each.path))].filter(each => each !== path),
  }
}

/** Whether the certificate is for the host name of the site; true where there is none to look at. */
export function isNamedInSiteCertificate(site: Site): boolean {
  try {
    return isNamedIn(readCertificate(siteCertificatePath(site.store)), hostnameOf(site))
  } catch (error) {
    if (error instanceof CertificateMissingError || error instanceof CertificateBadError) return true
    throw error
  }
}

function describe(credentials: Credentials, site: Site): Omit<DescribedCertificate, 'path' | 'ports' | 'others'> {
  const { certificate, keyMode } = credentials
  return {
    subject: oneLine(certificate.subject),
    names: namesIn(certificate),
    issuer: oneLine(certificate.issuer),
    selfSigned: isSelfSigned(certificate),
    notBefore: Timestamp.fromDate(new Date(certificate.validFrom)).toIso(),
    notAfter: Timestamp.fromDate(new Date(certificate.validTo)).toIso(),
    daysLeft: daysLeft(certificate, site),
    namesSite: isNamedIn(certificate, hostnameOf(site)),
    serial: certificate.serialNumber,
    fingerprint: certificate.fingerprint256,
    keyMode: keyMode.toString(8).padStart(3, '0'),
  }
}

/** Whole days from now on; below zero when it has expired. */
export function daysLeft(certificate: X509Certificate, site: Site): number {
  return Math.floor((Date.parse(certificate.validTo) - Number(site.clock() / 1000n)) / DAY)
}

/** A name has parts, each on a line of its own: `C=DE\nO=Example\nCN=example.org`. */
export function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ')
}

function certificatesOfPorts(siteStore: Store): readonly { readonly port: number; readonly path: string }[] {
  return portItemsOf(siteStore).flatMap(port => {
    const endpoint = findEndpointOfPort(port)
    if (endpoint?.kind !== 'ssl') return []
    return [{ port: port.storeID, path: certificateFilesFor(endpoint.certificate, siteStore).certificate }]
  })
}
