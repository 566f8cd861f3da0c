/**
 * The SMTP server of a site: it takes mail for the accounts that live here, and nothing else. It relays nothing, knows no
 * login, and sends nothing.
 *
 * The package smtp-server speaks the protocol on connections that a port brings; listening, and TLS from the first byte,
 * are the port's. What is decided here: who may send how much (`mail-limits`), who gets it (`recipients`), and that 250
 * after a message means that it is in every store (`deliver-to-all`).
 *
 * Left out: filters, greylisting, SPF, DKIM and DMARC. A site that needs them puts a mail server in front that has them,
 * and raises the limits for its address.
 */
import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer, type SecureContextOptions } from 'node:tls'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { ProtocolFactory, ServiceHost } from '../../index.js'
import { MailLimits } from './mail-limits.js'
import type { MailSmtpFactory } from './mail-smtp-factory.js'
import { SmtpSessions } from './smtp-sessions.js'
import { StarttlsCertificate } from './starttls-certificate.js'

/** Milliseconds. */
const HANDSHAKE = 30_000
/** Bytes: the longest path that RFC 5321 knows, with parameters, several times over. */
const LONGEST_COMMAND = 4096
const NOT_SPOKEN = ['AUTH', 'XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL']

export class SmtpService implements ProtocolFactory {
  readonly #host: ServiceHost
  readonly #settings: MailSmtpFactory
  readonly #limits: MailLimits
  readonly #speakers = new Map<Server, SmtpSessions>()

  constructor(host: ServiceHost, settings: MailSmtpFactory) {
    this.#host = host
    this.#settings = settings
    this.#limits = new MailLimits({
      connections: settings.connectionsPerAddress,
      newConnections: settings.newConnectionsPerAddress,
      messages: settings.messagesPerAddress,
      recipients: settings.recipientsPerAddress,
      refusals: settings.refusalsPerAddress,
    })
  }

  createServer(tls: SecureContextOptions | null): Server {
    const certificate = tls === null ? new StarttlsCertificate(this.#settings, this.#host.log) : undefined
    const sessions = new SmtpSessions(this.#host, this.#settings, this.#limits)
    const smtp = new SMTPServer({
      ...this.#options(certificate?.isThere ?? false),
      ...sessions.handlers(certificate),
      ...(tls === null ? certificate?.options : { secure: true, secured: true }),
    })
    smtp.on('error', error => this.#host.log.debug({ reason: error.message }, 'an SMTP connection broke'))
    sessions.serve(smtp)
    certificate?.serve(smtp)
    const server =
      tls === null
        ? createServer(socket => smtp.connect(socket))
        : createTlsServer({ ...tls, handshakeTimeout: HANDSHAKE }, socket => smtp.connect(socket))
    // Those above the limit are told so; of many more, and of those that do not even finish a handshake, none is.
    server.maxConnections = 2 * this.#settings.mostConnections
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    this.#speakers.set(server, sessions)
    return server
  }

  drain(server: Server): void {
    this.#speakers.get(server)?.drain()
    this.#speakers.delete(server)
  }

  #options(startsTls: boolean): SMTPServerOptions {
    const settings = this.#settings
    return {
      name: settings.greetingName,
      size: settings.largestMessage,
      rejectOversized: true,
      maxClients: settings.mostConnections,
      maxRecipients: settings.mostRecipients,
      maxCommandLength: LONGEST_COMMAND,
      socketTimeout: settings.idleSeconds * 1000,
      disabledCommands: startsTls ? NOT_SPOKEN : [...NOT_SPOKEN, 'STARTTLS'],
      authOptional: true,
      disableReverseLookup: true,
      hideENHANCEDSTATUSCODES: false,
      heloResponse: '%s',
      logger: false,
    }
  }
}
