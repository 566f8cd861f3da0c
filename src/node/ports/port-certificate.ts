import { type Stats, unwatchFile, watchFile } from 'node:fs'
import type { TlsOptions, Server as TlsServer } from 'node:tls'
import {
  type CertificateFiles,
  type Credentials,
  LEAST_TLS,
  readCredentials,
} from '../../offerings/certificates/credentials.js'
import type { ServiceLog } from '../../offerings/services.js'

/** Milliseconds in which a client must have shaken hands. */
const HANDSHAKE = 10_000
/** Milliseconds between two looks at the files. */
const LOOK = 5000

/**
 * The certificate of one port: read when the port starts, and again when its files change, so that a renewed one is used
 * without a restart. Connections that are open keep the one they began with. What cannot be used when it is read again
 * (half of a pair is new already, for instance) is told in the log, and the old one stays.
 */
export class PortCertificate {
  readonly #files: CertificateFiles
  readonly #log: ServiceLog
  #current: Credentials
  #server: TlsServer | undefined
  readonly #look = (now: Stats, before: Stats): void => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size) this.reload()
  }

  /** @throws CertificateMissingError, CertificateBadError, KeyMismatchError */
  constructor(files: CertificateFiles, log: ServiceLog) {
    this.#files = files
    this.#log = log
    this.#current = readCredentials(files)
    if ((this.#current.keyMode & 0o007) !== 0)
      log.warn(
        { path: files.key, mode: this.#current.keyMode.toString(8) },
        'every user of this machine can read the key',
      )
  }

  /** What a server of this certificate is made with. */
  get tlsOptions(): TlsOptions {
    const { certificates, key } = this.#current
    return { cert: certificates, key, minVersion: LEAST_TLS, handshakeTimeout: HANDSHAKE }
  }

  /** From now on `server` is given what the files hold. @param every - milliseconds between two looks at them. */
  watch(server: TlsServer, every = LOOK): void {
    this.#server = server
    for (const path of this.#paths()) watchFile(path, { persistent: false, interval: every }, this.#look)
  }

  stopWatching(): void {
    for (const path of this.#paths()) unwatchFile(path, this.#look)
    this.#server = undefined
  }

  /** Gives the server what the files hold now. What cannot be used is told in the log, and the old one stays. */
  reload(): void {
    try {
      this.#use(readCredentials(this.#files))
    } catch (error) {
      this.#log.warn({ reason: String(error) }, 'a changed certificate cannot be used; the old one stays')
    }
  }

  #use(found: Credentials): void {
    if (found.certificates === this.#current.certificates && found.key === this.#current.key) return
    this.#current = found
    this.#server?.setSecureContext(this.tlsOptions)
    const { validTo, fingerprint256 } = found.certificate
    this.#log.info({ path: this.#files.certificate, validTo, fingerprint256 }, 'a new certificate is in use')
  }

  #paths(): Set<string> {
    const { certificate, key, chain } = this.#files
    return new Set([certificate, key, ...(chain === null ? [] : [chain])])
  }
}
