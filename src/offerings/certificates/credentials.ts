import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { CertificateBadError, CertificateMissingError, KeyMismatchError } from './certificate-errors.js'

/** Absolute paths of PEM files; all three may be the same. */
export interface CertificateFiles {
  readonly certificate: string
  readonly key: string
  /** Further certificates of the chain. */
  readonly chain: string | null
}

/** What a server needs to prove who it is; checked. */
export interface Credentials {
  /** PEM, the server's own certificate first, then its chain. */
  readonly certificates: string
  /** PEM. A secret. */
  readonly key: string
  /** The server's own. */
  readonly certificate: X509Certificate
  /** Permissions of the file with the key. */
  readonly keyMode: number
}

/** Nobody speaks less any more. */
export const LEAST_TLS = 'TLSv1.2'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g
const KEY = /-----BEGIN ((?:[A-Z0-9]+ )?PRIVATE KEY)-----[\s\S]*?-----END \1-----/
/** A chain has a few KiB; what is longer is another file. */
const LARGEST = 1_048_576

/**
 * Reads and checks a certificate and its key.
 * @throws CertificateMissingError, CertificateBadError, KeyMismatchError
 */
export function readCredentials(files: CertificateFiles): Credentials {
  const own = certificatesIn(files.certificate)
  const chain = files.chain === null ? [] : certificatesIn(files.chain)
  const certificate = parsed(files.certificate, () => new X509Certificate(own[0] ?? ''))
  const { text: key, object } = keyIn(files.key)
  if (!certificate.checkPrivateKey(object)) throw new KeyMismatchError(files.certificate, files.key)
  const certificates = `${[...own, ...chain].join('\n')}\n`
  parsed(files.certificate, () => createSecureContext({ cert: certificates, key, minVersion: LEAST_TLS }))
  return { certificates, key, certificate, keyMode: statSync(files.key).mode & 0o777 }
}

/** The server's own certificate, without a look at any key. @throws CertificateMissingError, CertificateBadError */
export function readCertificate(path: string): X509Certificate {
  const [own = ''] = certificatesIn(path)
  return parsed(path, () => new X509Certificate(own))
}

/** Whether nobody vouches for it but its own key. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey)
}

function certificatesIn(path: string): readonly string[] {
  const found = readPem(path).match(CERTIFICATE)
  if (found === null) throw new CertificateBadError(path, 'holds no certificate in PEM form')
  return found
}

function keyIn(path: string): { readonly text: string; readonly object: KeyObject } {
  const [text] = KEY.exec(readPem(path)) ?? []
  if (text === undefined) throw new CertificateBadError(path, 'holds no private key in PEM form')
  try {
    return { text: `${text}\n`, object: createPrivateKey(text) }
  } catch (cause) {
    // The cause names no more than the kind of fault; it is left out all the same, for it was made from a secret.
    const isLocked = (cause as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE' || text.includes('ENCRYPTED')
    throw new CertificateBadError(path, isLocked ? 'holds a key with a passphrase' : 'holds no usable private key')
  }
}

function readPem(path: string): string {
  try {
    const file = statSync(path)
    if (!file.isFile()) throw new CertificateBadError(path, 'is no file')
    if (file.size > LARGEST) throw new CertificateBadError(path, 'is too large to be a certificate')
    return readFileSync(path, 'latin1')
  } catch (error) {
    if (error instanceof CertificateBadError) throw error
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new CertificateMissingError(path, 'does not exist', error)
    throw new CertificateMissingError(path, 'cannot be read', error)
  }
}

function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    throw new CertificateBadError(path, `holds a certificate that cannot be used: ${reasonOf(cause)}`, cause)
  }
}

/** OpenSSL's words without its numbers: `ee key too small`. */
function reasonOf(cause: unknown): string {
  const { reason, message } = cause as { readonly reason?: string; readonly message?: string }
  return reason ?? message ?? 'unknown'
}
