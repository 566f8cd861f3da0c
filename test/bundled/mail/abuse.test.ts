import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoginAccount } from '../../../src/accounts/login-account.js'
import { MailLimits } from '../../../src/bundled/mail/mail-limits.js'
import { Conversation, MailSite } from './mail-site.js'

let mail: MailSite
let alice: LoginAccount
const FROM = 'friend@elsewhere.example'
const LIMITS = { largestMessage: 50_000, mostRecipients: 3, refusalsPerAddress: 1000, newConnectionsPerAddress: 1000 }

beforeAll(async () => {
  mail = await MailSite.make({ ...LIMITS, connectionsPerAddress: 3 })
  alice = mail.addUser('alice@example.com')
  for (const name of ['b', 'c', 'd']) mail.addUser(`${name}@example.com`)
})

afterAll(() => mail.dispose())

/** Sends a message to alice, as bytes on the wire with its end, and gives the answer. */
async function send(bytes: string | Uint8Array): Promise<string> {
  const conversation = await Conversation.with(mail.port())
  await conversation.begin(FROM, 'alice@example.com')
  const answer = await conversation.data(bytes)
  conversation.close()
  return answer
}

async function leavesNothing(deed: () => Promise<unknown>): Promise<void> {
  const before = mail.messagesOf(alice).length
  await deed()
  expect(mail.messagesOf(alice)).toHaveLength(before)
  const temporary = join(mail.storeOf(alice).directory ?? '', 'temp')
  await expect.poll(() => readdirSync(temporary)).toEqual([])
}

describe('a message that is not accepted', () => {
  it.each([
    ['has a line feed alone', 'a\nb\r\n.\r\n'],
    ['has a carriage return alone', 'a\rb\r\n.\r\n'],
    ['ends with a carriage return', 'a\r\r\n.\r\n'],
    ['hides another behind an end that only some see', 'a\n.\r\nMAIL FROM:<evil@example.com>\r\n.\r\n'],
    ['has a line without end', `${'x'.repeat(20_000)}\r\n.\r\n`],
    ['has too many headers', `${'A: b\r\n'.repeat(1001)}\r\n.\r\n`],
    ['has been round too often', `${'Received: from x\r\n'.repeat(101)}\r\nx\r\n.\r\n`],
  ])('%s', async (_why, bytes) => {
    await leavesNothing(async () => expect(await send(bytes)).toMatch(/^554 5\.6\.0 the message cannot be accepted: /))
  })

  it('is too long, by what it says or by what it is', async () => {
    const conversation = await Conversation.with(mail.port())
    expect(await conversation.say('EHLO x')).toContain('SIZE 50000')
    expect(await conversation.say(`MAIL FROM:<${FROM}> SIZE=50001`)).toMatch(/^552 5\.3\.4 /)
    conversation.close()
    await leavesNothing(async () => {
      expect(await send(`${`${'x'.repeat(98)}\r\n`.repeat(600)}.\r\n`)).toMatch(/^552 5\.3\.4 /)
    })
  })

  it('does not end: the connection is cut', async () => {
    await leavesNothing(async () => {
      const conversation = await Conversation.with(mail.port())
      await conversation.begin(FROM, 'alice@example.com')
      expect(await conversation.data(`${'x'.repeat(98)}\r\n`.repeat(3000))).toMatch(/^421 .*too long/)
    })
  })

  it('is left in the middle', async () => {
    await leavesNothing(async () => {
      const conversation = await Conversation.with(mail.port())
      await conversation.begin(FROM, 'alice@example.com')
      await conversation.say('DATA')
      conversation.send('Subject: half')
      await setTimeout(20)
      conversation.close()
    })
  })
})

describe('a client', () => {
  it('cannot log in, relay, or say what only some servers know', async () => {
    const conversation = await Conversation.with(mail.port())
    const features = await conversation.say('EHLO x')
    expect(features.split('\r\n').map(line => line.slice(4))).toEqual([
      'example.com',
      ...['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'STARTTLS', 'SIZE 50000'],
    ])
    for (const line of ['AUTH PLAIN AGEAYg==', 'XCLIENT ADDR=1.2.3.4', 'WIZ x', 'SHELL', 'ETRN x'])
      expect(await conversation.say(line)).toMatch(/^50\d /)
    expect(await conversation.say('VRFY alice@example.com')).toMatch(/^252 /)
    conversation.close()
  })

  it('may name so many recipients', async () => {
    const conversation = await Conversation.with(mail.port())
    const four = ['alice@example.com', 'b@example.com', 'c@example.com', 'd@example.com']
    expect(await conversation.begin(FROM, ...four)).toMatch(/^452 4\.5\.3 /)
    expect(await conversation.data('x\r\n.\r\n')).toMatch(/^250 /)
    conversation.close()
  })

  it('may have so many connections', async () => {
    const open = await Promise.all([1, 2, 3].map(() => Conversation.with(mail.port())))
    const fourth = await Conversation.with(mail.port())
    expect(await fourth.answer()).toBe('closed')
    for (const each of open) expect(await each.say('NOOP')).toMatch(/^250 /)
    for (const each of open) each.close()
    await expect
      .poll(async () => {
        const next = await Conversation.with(mail.port())
        const answer = await next.say('NOOP')
        next.close()
        return answer
      })
      .toMatch(/^250 /)
  })

  it('that is silent is sent away', async () => {
    const impatient = await MailSite.make({ idleSeconds: 1 })
    const conversation = await Conversation.with(impatient.port())
    expect(await conversation.answer()).toMatch(/^421 /)
    await impatient.dispose()
  })

  it('cannot put its own words into the answers or the log', async () => {
    const conversation = await Conversation.with(mail.port())
    expect(await conversation.say('EHLO x\u0001\u0007')).toMatch(/^501 /)
    await conversation.say('EHLO x')
    expect(await conversation.say('MAIL FROM:<a@b.example> ENVID=a+0D+0A250')).toMatch(/^501 /)
    expect(await conversation.say('GET / HTTP/1.1')).toMatch(/^421 /)
    expect(mail.log.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

describe('limits', () => {
  it('count each address apart, each IPv6 customer as one, and begin anew with a minute', () => {
    let now = 0
    const limits = new MailLimits(
      { connections: 2, newConnections: 9, messages: 1, recipients: 1, refusals: 1 },
      () => now,
    )
    limits.count('192.0.2.1', 'messages')
    expect(() => limits.count('192.0.2.1', 'messages')).toThrow('too many messages from your address')
    limits.count('192.0.2.2', 'messages')
    limits.count('::ffff:192.0.2.3', 'messages')
    limits.count('::ffff:192.0.2.4', 'messages')
    limits.enter('2001:db8::1')
    limits.enter('2001:db8:0:0:5::1')
    expect(() => limits.enter('2001:db8::2')).toThrow('too many connections')
    limits.enter('2001:db8:0:1::1')
    limits.leave('2001:db8::7')
    limits.enter('2001:db8::2')
    now = 60_000
    limits.count('192.0.2.1', 'messages')
    expect(() => limits.enter('2001:db8::2')).toThrow('too many connections')
  })
})
