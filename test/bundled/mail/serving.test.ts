import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoginAccount } from '../../../src/accounts/login-account.js'
import { MailSmtpFactory } from '../../../src/bundled/mail/mail-smtp-factory.js'
import { makeCertificate } from '../../../src/offerings/certificates/make-certificate.js'
import { SslPort } from '../../../src/offerings/site-items/ports.js'
import { installOn } from '../../../src/store-engine/powerups/dependency.js'
import { Conversation, MailSite } from './mail-site.js'

const FROM = 'friend@elsewhere.example'
let mail: MailSite
let alice: LoginAccount
let bob: LoginAccount

beforeAll(async () => {
  mail = await MailSite.make()
  alice = mail.addUser('alice@example.com')
  bob = mail.addUser('bob@example.com')
  await mail.stop()
  const { store } = mail.site
  const factory = store.findUnique(MailSmtpFactory)
  const certificatePath = factory.certificatePath
  installOn(store.create(SslPort, { portNumber: 0, interface: '127.0.0.1', factory, certificatePath }), store)
  await mail.start()
})

afterAll(() => mail.dispose())

describe('encryption', () => {
  it('is offered on the plain port, with the certificate of the site', async () => {
    await mail
      .mailer({ ignoreTLS: false, requireTLS: true })
      .sendMail({ from: FROM, to: 'alice@example.com', text: 'x' })
    expect(mail.messagesOf(alice).at(-1)?.trace).toContain(' with ESMTPS id ')
  })

  it('is there from the first byte on a TLS port', async () => {
    const mailer = mail.mailer({ port: mail.port(1), secure: true, ignoreTLS: false })
    await mailer.sendMail({ from: FROM, to: 'alice@example.com', text: 'y' })
    expect(mail.messagesOf(alice).at(-1)?.trace).toContain(' with ESMTPS id ')
  })

  it('forgets what was said before it', async () => {
    const conversation = await Conversation.with(mail.port())
    await conversation.begin(FROM, 'alice@example.com')
    conversation.send('STARTTLS\r\nMAIL FROM:<evil@example.com>\r\n')
    expect(await conversation.answer()).toMatch(/^220 /)
    const lines: string[] = []
    await expect(
      new Promise<string>((resolve, reject) => {
        const secure = connect({ socket: conversation.socket, rejectUnauthorized: false }, () =>
          secure.write('EHLO x\r\nRCPT TO:<alice@example.com>\r\n'),
        )
        secure.once('error', reject)
        secure.on('data', text => {
          lines.push(String(text))
          if (lines.join('').includes('\n503 ')) resolve(lines.join(''))
        })
      }),
    ).resolves.not.toContain('250 2.1.0')
    conversation.close()
  })

  it('takes a new certificate without a restart, and keeps the last good one', async () => {
    const file = mail.site.store.findUnique(MailSmtpFactory).certificatePath ?? ''
    const shown = async () => {
      const mailer = mail.mailer({ ignoreTLS: false, requireTLS: true })
      await mailer.sendMail({ from: FROM, to: 'bob@example.com', text: 'z' })
      const conversation = await Conversation.with(mail.port())
      await conversation.say('EHLO x')
      await conversation.say('STARTTLS')
      const name = await new Promise(resolve => {
        const secure = connect({ socket: conversation.socket, rejectUnauthorized: false }, () =>
          resolve(secure.getPeerCertificate().subject.CN),
        )
      })
      conversation.close()
      return name
    }
    expect(await shown()).toBe('example.com')
    writeFileSync(file, await makeCertificate({ names: ['new.example.com'] }))
    expect(await shown()).toBe('new.example.com')
    writeFileSync(file, 'rubbish')
    expect(await shown()).toBe('new.example.com')
    expect(mail.log.lines.map(({ sentence }) => sentence)).toContain('the certificate for STARTTLS cannot be used')
  })
})

describe('delivery to several', () => {
  it('is put off where one store fails, and made up for without a copy too many', async () => {
    const before = [mail.messagesOf(alice).length, mail.messagesOf(bob).length]
    const raw = 'Message-ID: <both@elsewhere.example>\r\nSubject: both\r\n\r\nx\r\n'
    const envelope = { from: FROM, to: ['alice@example.com', 'bob@example.com'] }
    const obstacle = join(mail.storeOf(bob).directory ?? '', 'files', 'mail')
    rmSync(obstacle, { recursive: true, force: true })
    writeFileSync(obstacle, '')
    await expect(mail.mailer().sendMail({ envelope, raw })).rejects.toMatchObject({ responseCode: 451 })
    expect(mail.messagesOf(bob)).toHaveLength(before[1] ?? 0)
    rmSync(obstacle)
    for (let time = 0; time < 2; time += 1) await mail.mailer().sendMail({ envelope, raw })
    expect(mail.messagesOf(alice)).toHaveLength((before[0] ?? 0) + 1)
    expect(mail.messagesOf(bob)).toHaveLength((before[1] ?? 0) + 1)
    for (const account of [alice, bob])
      expect(readdirSync(join(mail.storeOf(account).directory ?? '', 'temp'))).toEqual([])
  })
})

describe('stopping', () => {
  it('sends idle clients away, and lets a message in its middle come to its end', async () => {
    const [idle, busy] = [await Conversation.with(mail.port()), await Conversation.with(mail.port())]
    await busy.begin(FROM, 'alice@example.com')
    await busy.say('DATA')
    busy.send('Subject: the last\r\n\r\n')
    const stopped = mail.stop()
    expect(await idle.answer()).toBe('421 4.4.2 this server is going down, try again later')
    busy.send('x\r\n.\r\n')
    expect(await busy.answer()).toMatch(/^250 /)
    expect(await busy.answer()).toMatch(/^421 /)
    await stopped
    expect(mail.messagesOf(alice).at(-1)?.subject).toBe('the last')
    const content = readFileSync(mail.messagesOf(alice).at(-1)?.file ?? '', 'utf8')
    expect(content).toBe('Subject: the last\r\n\r\nx\r\n')
  })
})
