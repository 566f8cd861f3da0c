import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { SMTPServer, SMTPServerOptions } from 'smtp-server'
import type { ServiceLog } from '../../index.js'
import type { MailSmtpFactory } from './mail-smtp-factory.js'

/**
 * Key and certificate for STARTTLS, read again when the file has changed. Without one STARTTLS is not offered; a file that
 * becomes unreadable while the node runs leaves the last good one in use, and is told in the log.
 */
export class StarttlsCertificate {
  readonly #file: string | null
  readonly #log: ServiceLog
  #changed = 0
  #pem: Buffer | undefined
  #smtp: SMTPServer | undefined

  constructor(settings: MailSmtpFactory, log: ServiceLog) {
    this.#file = settings.starttlsFile
    this.#log = log
    this.refresh()
  }

  get isThere(): boolean {
    return this.#pem !== undefined
  }

  /** For the server that is to be made. */
  get options(): SMTPServerOptions {
    return this.#pem === undefined ? {} : { key: this.#pem, cert: this.#pem }
  }

  serve(smtp: SMTPServer): void {
    this.#smtp = smtp
  }

  /** To be called before each connection is greeted; it costs a look at the time of the file. */
  refresh(): void {
    if (this.#file === null) return
    try {
      const { mtimeMs } = statSync(this.#file)
      if (mtimeMs === this.#changed) return
      const pem = readFileSync(this.#file)
      createSecureContext({ key: pem, cert: pem })
      this.#changed = mtimeMs
      this.#pem = pem
      this.#smtp?.updateSecureContext({ key: pem, cert: pem })
    } catch (err) {
      this.#log.error({ err, file: this.#file }, 'the certificate for STARTTLS cannot be used')
    }
  }
}
