import type { SMTPServer, SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server'
import type { LoginAccount, ServiceHost } from '../../index.js'
import { deliverToAll, planDestinations } from './deliver-to-all.js'
import { assertSpaceFor, writeMessage } from './incoming-message.js'
import type { MailLimits } from './mail-limits.js'
import type { MailSmtpFactory } from './mail-smtp-factory.js'
import { asLateRefusal, findRecipient } from './recipients.js'
import { SmtpRefusal } from './smtp-refusal.js'
import type { StarttlsCertificate } from './starttls-certificate.js'
import { traceOf } from './trace.js'

const GOING_DOWN = 'this server is going down, try again later'

type Answer = (error?: Error | null, message?: string) => void

interface Session {
  readonly deadline: NodeJS.Timeout
  /** Between the end of a message, or its beginning, and the answer. */
  busy: boolean
}

/** What is decided in the conversations of one port. */
export class SmtpSessions {
  readonly #host: ServiceHost
  readonly #settings: MailSmtpFactory
  readonly #limits: MailLimits
  readonly #sessions = new Map<string, Session>()
  readonly #outcomes
  #smtp: SMTPServer | undefined
  #draining = false

  constructor(host: ServiceHost, settings: MailSmtpFactory, limits: MailLimits) {
    this.#host = host
    this.#settings = settings
    this.#limits = limits
    this.#outcomes = host.measures.counter('mantissa_mail_messages_total', 'Messages by SMTP', ['outcome'])
  }

  serve(smtp: SMTPServer): void {
    this.#smtp = smtp
  }

  handlers(certificate: StarttlsCertificate | undefined): SMTPServerOptions {
    return {
      onConnect: (session, answer) => {
        certificate?.refresh()
        this.#answering(answer, () => this.#enter(session))
      },
      onClose: session => this.#leave(session),
      onMailFrom: (_from, session, answer) =>
        this.#answering(answer, () => this.#limits.count(session.remoteAddress, 'messages')),
      onRcptTo: ({ address }, session, answer) =>
        this.#answering(answer, () => {
          this.#limits.count(session.remoteAddress, 'recipients')
          return this.#refusable(session, () => this.#recipient(address), { to: address })
        }),
      onData: (stream, session, answer) =>
        this.#answering(answer, () => this.#refusable(session, () => this.#message(stream, session))),
    }
  }

  /** Idle clients are told to go at once, others when they have got the answer they wait for. */
  drain(): void {
    this.#draining = true
    for (const id of this.#sessions.keys()) this.#dismiss(id)
  }

  #enter({ id, remoteAddress }: SMTPServerSession): void {
    if (this.#draining) throw new SmtpRefusal(421, GOING_DOWN)
    this.#limits.enter(remoteAddress)
    const deadline = setTimeout(() => this.#close(id, 'this connection has lasted too long'), this.#lifetime)
    this.#sessions.set(id, { deadline: deadline.unref(), busy: false })
  }

  #leave({ id, remoteAddress }: SMTPServerSession): void {
    const session = this.#sessions.get(id)
    if (session === undefined) return
    clearTimeout(session.deadline)
    this.#sessions.delete(id)
    this.#limits.leave(remoteAddress)
  }

  #recipient(address: string): Promise<LoginAccount> {
    const { siteName: hostname, postmaster } = this.#settings
    return findRecipient(address, { host: this.#host, hostname, postmaster })
  }

  async #message(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const current = this.#sessions.get(session.id)
    if (current !== undefined) current.busy = true
    try {
      return await this.#store(stream, session)
    } finally {
      if (current !== undefined) current.busy = false
      if (this.#draining) setImmediate(() => this.#dismiss(session.id))
    }
  }

  async #store(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const { mailFrom, rcptTo } = session.envelope
    const from = mailFrom === false ? '' : mailFrom.address
    const trace = traceOf(session, this.#settings.greetingName)
    try {
      const recipients = new Map<string, LoginAccount>()
      for (const { address } of rcptTo) recipients.set(address, await this.#recipient(address))
      const destinations = await planDestinations(this.#host, recipients)
      await assertSpaceFor(destinations[0].temporary, this.#settings.keptFree)
      const onTooMuch = () => this.#cutEndless(stream, session)
      const written = await writeMessage(stream, destinations[0].temporary, onTooMuch)
      await deliverToAll(this.#host, destinations, { from, trace, ...written })
      this.#outcomes.add({ outcome: 'accepted' })
      const facts = { id: session.id, client: session.remoteAddress, size: written.size, recipients: rcptTo.length }
      this.#host.log.info(facts, 'a message was accepted')
      return `stored as ${session.id}`
    } catch (error) {
      stream.resume()
      this.#outcomes.add({ outcome: 'refused' })
      throw asLateRefusal(error)
    }
  }

  /** Nobody need read a message to its end that is twice as long as allowed. */
  #cutEndless(stream: SMTPServerDataStream, session: SMTPServerSession): void {
    if (stream.byteLength > 2 * this.#settings.largestMessage) this.#close(session.id, 'the message is too long')
  }

  /** What is refused is told in the log, and counts against whoever has asked. */
  async #refusable<T>(
    session: SMTPServerSession,
    decide: () => Promise<T>,
    facts: { readonly to?: string } = {},
  ): Promise<T> {
    const { id, remoteAddress: client } = session
    try {
      return await decide()
    } catch (error) {
      if (error instanceof SmtpRefusal) this.#host.log.info({ id, client, ...facts, answer: error.answer }, 'refused')
      this.#limits.count(client, 'refusals')
      throw error
    }
  }

  /** Answers with what `decide` gives or throws; what nobody has foreseen is told to the log, and temporary. */
  async #answering(answer: Answer, decide: () => unknown): Promise<void> {
    try {
      const message = await decide()
      answer(null, typeof message === 'string' ? message : undefined)
    } catch (error) {
      if (!(error instanceof SmtpRefusal) || error.cause !== undefined)
        this.#host.log.error({ err: (error as Error).cause ?? error }, 'a message was put off')
      answer(error instanceof SmtpRefusal ? error : new SmtpRefusal(451, 'this did not work here, try again later'))
    }
  }

  get #lifetime(): number {
    return this.#settings.sessionSeconds * 1000
  }

  #dismiss(id: string): void {
    if (this.#sessions.get(id)?.busy === false) this.#close(id, GOING_DOWN)
  }

  #close(id: string, why: string): void {
    for (const connection of this.#smtp?.connections ?? []) if (connection.id === id) connection.send(421, why)
  }
}
