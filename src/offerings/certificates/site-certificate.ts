import { resolve } from 'node:path'
import type { Store } from '../../store-engine/store.js'
import type { CertificatePaths } from '../ports/endpoint.js'
import { SslPort } from '../site-items/ports.js'
import type { CertificateFiles } from './credentials.js'

/** Below the site's `files/`, as the original names it. */
const SITE_CERTIFICATE = 'server.pem'

/**
 * Where the site's own certificate lies, with its key in the same file: where the first TLS port has it, else
 * `files/server.pem`, whether or not there is a file.
 */
export function siteCertificatePath(siteStore: Store): string {
  const ports = siteStore.query(SslPort, { sort: SslPort.storeID.ascending }).toArray()
  return ports.find(each => each.certificatePath !== null)?.certificatePath ?? siteStore.filePath(SITE_CERTIFICATE)
}

/** The files that a port means: relative paths start at the site's directory, and none are the site's certificate. */
export function certificateFilesFor(paths: CertificatePaths | null, siteStore: Store): CertificateFiles {
  const own = siteCertificatePath(siteStore)
  const { certificate, key, chain } = paths ?? { certificate: own, key: own, chain: null }
  const from = siteStore.directory ?? ''
  return {
    certificate: resolve(from, certificate),
    key: resolve(from, key),
    chain: chain === null ? null : resolve(from, chain),
  }
}
