import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { type AddressInfo, createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import { subStoreOf } from '../../../src/accounts/account-rows.js'
import { createAccount } from '../../../src/accounts/create-account.js'
import type { LoginAccount } from '../../../src/accounts/login-account.js'
import type { NewAccount } from '../../../src/accounts/new-account.js'
import { parseAddress } from '../../../src/base/address.js'
import { MailMessage } from '../../../src/bundled/mail/mail-message.js'
import { MailSmtpFactory } from '../../../src/bundled/mail/mail-smtp-factory.js'
import { NODE_BUSY_TIMEOUT } from '../../../src/node/patience.js'
import { RunningNode } from '../../../src/node/running-node.js'
import { createSite } from '../../../src/offerings/create-site.js'
import { installOffering } from '../../../src/offerings/install-offering.js'
import { loadOffering } from '../../../src/offerings/load-offering.js'
import { SslPort, TcpPort } from '../../../src/offerings/site-items/ports.js'
import { Site } from '../../../src/site/site.js'
import type { Store } from '../../../src/store-engine/store.js'
import { KeptLog } from '../../support/started-site.js'

/** A site whose only port speaks SMTP on loopback, served by a node in this process. */
export class MailSite {
  readonly site: Site
  readonly log = new KeptLog()
  readonly directory: string
  #node: RunningNode | undefined

  private constructor(site: Site, directory: string) {
    this.site = site
    this.directory = directory
  }

  static async make(settings: object = {}): Promise<MailSite> {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'mantissa-mail-')))
    const path = join(directory, 'site.axiom')
    await createSite(path, { hostname: 'example.com' })
    const site = Site.open(path, { busyTimeout: NODE_BUSY_TIMEOUT })
    await installOffering(site, await loadOffering('mail', site))
    const factory = site.store.findUnique(MailSmtpFactory)
    for (const port of site.store.query(TcpPort)) if (port.factory !== factory) port.deleteFromStore()
    const [tls] = site.store.query(SslPort)
    Object.assign(factory, { certificatePath: tls?.certificatePath }, settings)
    tls?.deleteFromStore()
    Object.assign(site.store.findUnique(TcpPort), { portNumber: 0, interface: '127.0.0.1' })
    const made = new MailSite(site, directory)
    await made.start()
    return made
  }

  async start(): Promise<void> {
    this.#node = await RunningNode.start(this.site, { log: this.log, makers: new Map() })
  }

  /** Of the port at a place in the order of their coming. */
  port(place = 0): number {
    const { port } = (this.#node?.ports[place]?.address ?? {}) as Partial<AddressInfo>
    return port ?? 0
  }

  addUser(address: string, more: Partial<NewAccount> = {}): LoginAccount {
    return createAccount(this.site, { address: parseAddress(address), passwordHash: null, ...more })
  }

  storeOf(account: LoginAccount): Store {
    return subStoreOf(account)?.open({ busyTimeout: NODE_BUSY_TIMEOUT }) as Store
  }

  messagesOf(account: LoginAccount): MailMessage[] {
    return this.storeOf(account).query(MailMessage).toArray()
  }

  mailer(options: object = {}) {
    const tls = { rejectUnauthorized: false }
    return nodemailer.createTransport({ host: '127.0.0.1', port: this.port(), ignoreTLS: true, tls, ...options })
  }

  async stop(): Promise<void> {
    await this.#node?.stop()
  }

  async dispose(): Promise<void> {
    await this.stop()
    this.site.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** A connection on which a test types the lines itself. */
export class Conversation {
  /** For what goes on below the lines. */
  readonly socket: Socket
  #heard = ''
  #isClosed = false
  #wake: () => void = () => {}

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      this.#heard += text
      this.#wake()
    })
    socket.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
    socket.on('error', () => {})
  }

  /** Connects and waits for the greeting. */
  static async with(port: number): Promise<Conversation> {
    const conversation = new Conversation(createConnection(port, '127.0.0.1'))
    await conversation.answer()
    return conversation
  }

  /** Sends a line and gives what is answered, several lines where the answer has them. */
  say(line: string): Promise<string> {
    this.send(`${line}\r\n`)
    return this.answer()
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes)
  }

  async answer(): Promise<string> {
    for (;;) {
      const end = /^\d{3}(?: .*)?\r\n/m.exec(this.#heard)
      if (end !== null) {
        const length = end.index + end[0].length
        const answer = this.#heard.slice(0, length)
        this.#heard = this.#heard.slice(length)
        return answer.trim()
      }
      if (this.#isClosed) return 'closed'
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  /** Says hello and names a sender and recipients; gives the answer to the last. */
  async begin(from: string, ...recipients: readonly string[]): Promise<string> {
    await this.say('EHLO client.example.net')
    let last = await this.say(`MAIL FROM:<${from}>`)
    for (const each of recipients) last = await this.say(`RCPT TO:<${each}>`)
    return last
  }

  /** The message as bytes on the wire, its end included; gives the answer to it. */
  async data(bytes: string | Uint8Array): Promise<string> {
    await this.say('DATA')
    this.send(bytes)
    return this.answer()
  }

  close(): void {
    this.socket.destroy()
  }
}
