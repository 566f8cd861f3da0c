import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoginAccount } from '../../../src/accounts/login-account.js'
import { MailInbox } from '../../../src/bundled/mail/inbox.js'
import { MailSmtpFactory } from '../../../src/bundled/mail/mail-smtp-factory.js'
import { mail as offering } from '../../../src/bundled/mail/offering.js'
import { deprive } from '../../../src/offerings/deprive.js'
import { endow } from '../../../src/offerings/endow.js'
import { changeFence, ensureFence } from '../../../src/site/fence.js'
import { recordTombstone } from '../../../src/site/tombstones.js'
import { Conversation, MailSite } from './mail-site.js'

let mail: MailSite
let alice: LoginAccount
let bob: LoginAccount
let asking: Conversation | undefined
const CRLF = Buffer.from('\r\n')
const FROM = 'friend@elsewhere.example'

beforeAll(async () => {
  mail = await MailSite.make({ largestMessage: 100_000, refusalsPerAddress: 1000, newConnectionsPerAddress: 1000 })
  alice = mail.addUser('alice@example.com')
  bob = mail.addUser('bob@example.com')
})

afterAll(() => mail.dispose())

/** What is answered to a recipient. */
async function toRecipient(address: string): Promise<string> {
  asking ??= await Conversation.with(mail.port())
  return asking.begin(FROM, address)
}

describe('a message', () => {
  it('arrives as it was sent and is listed with what its headers say', async () => {
    const sent = await mail.mailer().sendMail({
      from: `Grüße <${FROM}>`,
      to: 'Alice@EXAMPLE.com',
      subject: 'Ein schöner Tag — und noch einer',
      text: 'Hallo\n.\n..zwei Punkte\n\nEnde',
    })
    expect(sent.response).toMatch(/^250 2\.6\.0 stored as/)
    const message = mail.messagesOf(alice).at(-1)
    expect(message).toMatchObject({
      envelopeFrom: FROM,
      envelopeTo: ['Alice@example.com'],
      subject: 'Ein schöner Tag — und noch einer',
      sender: `Grüße <${FROM}>`,
      messageId: sent.messageId,
      isRead: false,
    })
    expect(message?.trace).toMatch(/^from \S+ \(\[127\.0\.0\.1\]\) by example\.com with ESMTP id \w+; /)
    const content = readFileSync(message?.file ?? '', 'utf8')
    expect(content).toContain('Hallo\r\n.\r\n..zwei Punkte\r\n\r\nEnde')
    expect(message?.size).toBe(Buffer.byteLength(content))
  })

  it('makes an inbox for the first one', () => {
    expect(mail.storeOf(alice).query(MailInbox).count()).toBe(1)
  })

  it('for several people is stored once for each, and none of the files in temp/ stays', async () => {
    const before = mail.messagesOf(alice).length
    await mail.mailer().sendMail({ from: FROM, to: ['alice@example.com', 'bob@example.com'], text: 'to both' })
    expect(mail.messagesOf(alice)).toHaveLength(before + 1)
    const [of] = mail.messagesOf(bob)
    expect(readFileSync(of?.file ?? '')).toEqual(readFileSync(mail.messagesOf(alice).at(-1)?.file ?? ''))
    for (const account of [alice, bob])
      expect(readdirSync(join(mail.storeOf(account).directory ?? '', 'temp'))).toEqual([])
  })

  it('may be empty, and come from nobody', async () => {
    const conversation = await Conversation.with(mail.port())
    await conversation.begin('', 'alice@example.com')
    expect(await conversation.data('.\r\n')).toMatch(/^250 /)
    expect(mail.messagesOf(alice).at(-1)).toMatchObject({ envelopeFrom: '', size: 0, subject: '', sender: '' })
    conversation.close()
  })

  it('keeps bytes that are no ASCII', async () => {
    const bytes = Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.from([0xff, 0x80, 0, 0xc3, 0xa4]), CRLF])
    const conversation = await Conversation.with(mail.port())
    await conversation.begin(FROM, 'alice@example.com')
    expect(await conversation.data(Buffer.concat([bytes, Buffer.from('.\r\n')]))).toMatch(/^250 /)
    expect(readFileSync(mail.messagesOf(alice).at(-1)?.file ?? '')).toEqual(bytes)
    conversation.close()
  })

  it('that is sent twice within a day is stored once, unless it went to others', async () => {
    const before = mail.messagesOf(alice).length
    const message = { from: FROM, to: 'alice@example.com', text: 'once', messageId: '<once@elsewhere.example>' }
    const raw = 'Message-ID: <once@elsewhere.example>\r\n\r\nonce\r\n'
    const again = async (from: string, raw: string) =>
      (await mail.mailer().sendMail({ envelope: { from, to: message.to }, raw })).response
    expect(await again(FROM, raw)).toMatch(/^250 /)
    mail.messagesOf(alice).at(-1)?.deleteFromStore()
    expect(await again(FROM, raw)).toMatch(/^250 /)
    expect(mail.messagesOf(alice)).toHaveLength(before)
    await again('other@elsewhere.example', raw)
    await again(FROM, `${raw}more\r\n`)
    expect(mail.messagesOf(alice)).toHaveLength(before + 2)
  })

  it('is put off while the disk has less space than is to be kept', async () => {
    const factory = mail.site.store.findUnique(MailSmtpFactory)
    const { keptFree } = factory
    factory.keptFree = Number.MAX_SAFE_INTEGER
    const sending = mail.mailer().sendMail({ from: FROM, to: 'bob@example.com', text: 'x' })
    await expect(sending).rejects.toMatchObject({ responseCode: 452 })
    factory.keptFree = keptFree
    expect(readdirSync(join(mail.storeOf(bob).directory ?? '', 'temp'))).toEqual([])
  })

  it('takes its file with it when it is deleted, and keeps it where the deletion is undone', async () => {
    await mail.mailer().sendMail({ from: FROM, to: 'bob@example.com', text: 'to be deleted' })
    const message = mail.messagesOf(bob).at(-1)
    const store = mail.storeOf(bob)
    const file = message?.file ?? ''
    expect(() =>
      store.transact(() => {
        message?.deleteFromStore()
        throw new Error('undone')
      }),
    ).toThrow('undone')
    expect(readFileSync(file, 'utf8')).toContain('to be deleted')
    message?.deleteFromStore()
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })
})

describe('a recipient', () => {
  it.each([
    ['alice@example.com', '250 2.1.5 '],
    ['ALICE@EXAMPLE.COM', '250 2.1.5 '],
    ['nobody@example.com', '550 5.1.1 there is no such mailbox here'],
    ['alice@elsewhere.example', '550 5.1.1 there is no such mailbox here'],
    ['alice+news@example.com', '550 5.1.1 '],
    ['mail', '501 '],
    ['../../etc/passwd@example.com', '501 '],
    ["a' or 1=1 --@example.com", '501 '],
    ['postmaster@example.com', '550 5.1.1 nobody reads mail for the postmaster'],
    ['postmaster', '550 5.1.1 nobody reads mail for the postmaster'],
  ])('%s is answered with %s', async (address, answer) => {
    expect(await toRecipient(address)).toContain(answer)
  })

  it('that is refused is told in the log, with the address that was asked for', async () => {
    await toRecipient('somebody@elsewhere.example')
    const answer = '550 there is no such mailbox here'
    expect(mail.log.lines.at(-1)).toMatchObject({
      level: 'info',
      facts: { client: '127.0.0.1', to: 'somebody@elsewhere.example', answer },
    })
  })

  it('may be the postmaster, once somebody is named for it', async () => {
    const factory = mail.site.store.findUnique(MailSmtpFactory)
    factory.postmaster = 'bob@example.com'
    await mail.mailer().sendMail({ envelope: { from: '', to: 'PostMaster@example.com' }, raw: 'Subject: help\r\n\r\n' })
    expect(mail.messagesOf(bob).at(-1)).toMatchObject({ subject: 'help', envelopeTo: ['PostMaster@example.com'] })
    factory.postmaster = null
  })

  it('needs an address that the site maintains or that is proved', async () => {
    const other = { localpart: 'carol', domain: 'freemail.example', protocol: 'email', internal: false }
    mail.addUser('carol@example.com', { furtherMethods: [{ ...other, verified: false }] })
    expect(await toRecipient('carol@freemail.example')).toMatch(/^550 5\.1\.1/)
    mail.addUser('dora@example.com', { furtherMethods: [{ ...other, localpart: 'dora', verified: true }] })
    expect(await toRecipient('dora@freemail.example')).toMatch(/^250/)
    mail.addUser('emil@example.com', { protocol: 'jabber' })
    expect(await toRecipient('emil@example.com')).toMatch(/^550 5\.1\.1/)
  })

  it('may not be disabled, moved, or have lost the inbox', async () => {
    mail.addUser('frida@example.com', { disabled: true })
    expect(await toRecipient('frida@example.com')).toBe('550 5.1.1 this mailbox takes no messages')
    const gone = { localpart: 'gone', domain: 'example.com' }
    const where = { targetPath: '/there', targetSiteId: null, publicUrl: 'https://there.example', transferId: null }
    mail.site.store.transact(() => recordTombstone(mail.site, gone, { storeId: 'x', epoch: 1, ...where }))
    expect(await toRecipient('gone@example.com')).toBe('551 5.1.6 this address has moved to another site')
    const gustav = mail.addUser('gustav@example.com')
    endow(mail.site, gustav, offering)
    expect(await toRecipient('gustav@example.com')).toMatch(/^250/)
    deprive(mail.site, gustav, offering)
    expect(await toRecipient('gustav@example.com')).toBe('550 5.1.1 this mailbox takes no messages')
  })

  it('can be told to wait while the account is being moved', async () => {
    const hanna = mail.addUser('hanna@example.com')
    const store = mail.storeOf(hanna)
    ensureFence(store, 'this site')
    changeFence(store, { state: 'active' }, { state: 'sealed', transferId: 'under way' })
    expect(await toRecipient('hanna@example.com')).toBe('451 4.3.0 this mailbox is being moved, try again later')
  })

  it('may have a name in any script', async () => {
    const jose = mail.addUser('josé@bücher.example')
    const mailer = mail.mailer()
    await mailer.sendMail({ envelope: { from: FROM, to: 'josé@bücher.example' }, raw: 'Subject: olé\r\n\r\n' })
    expect(mail.messagesOf(jose)[0]).toMatchObject({ subject: 'olé', envelopeTo: ['josé@bücher.example'] })
    expect(await toRecipient('josé@xn--bcher-kva.example')).toMatch(/^250/)
  })
})
