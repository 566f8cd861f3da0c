import { randomBytes } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ArrivedMessage, deliver } from '../../../src/bundled/mail/inbox.js'
import type { MailMessage } from '../../../src/bundled/mail/mail-message.js'
import { newTemporaryPath } from '../../../src/store-engine/files/place-file.js'
import { sharedByFile } from '../../support/at-end.js'
import { storeOf } from '../../support/notes-site.js'
import { startSite } from '../../support/started-site.js'
import { loggedIn, type WebBrowser } from '../../support/web-browser.js'

const shared = sharedByFile(async () => {
  const started = await startSite({ offerings: ['mail'] })
  const [alice, bob] = ['alice@example.com', 'bob@example.com'].map(each => loggedIn(started, each))
  return { ...started, alice: alice as WebBrowser, bob: bob as WebBrowser }
})

/** Puts a message into a store, as the SMTP server does. */
function arrive(address: string, content: string, facts: Partial<ArrivedMessage> = {}): MailMessage {
  const store = storeOf(shared(), address)
  const temporary = newTemporaryPath(store)
  writeFileSync(temporary, content)
  const said = { subject: 'A subject', sender: 'Friend <friend@elsewhere.example>', messageId: '', trace: 'from x' }
  const envelope = { envelopeFrom: 'friend@elsewhere.example', envelopeTo: [address], size: content.length }
  const key = randomBytes(32).toString('hex')
  return deliver(store, { temporary, key, ...said, ...envelope, ...facts }) as MailMessage
}

async function inboxOf(browser: WebBrowser): Promise<string> {
  const { text } = await browser.get('/private/')
  return /<a href="(\/private\/[0-9a-f]{16})">Mail<\/a>/.exec(text)?.[1] ?? ''
}

/** The address of the page of a message, by its subject. */
async function pageOf(browser: WebBrowser, subject: string): Promise<string> {
  const { text } = await browser.get(await inboxOf(browser))
  return new RegExp(`<a href="(/private/[0-9a-f]{16})">(?:<strong>)?${subject}`).exec(text)?.[1] ?? ''
}

describe('an inbox', () => {
  it('is a tab from the first message on, and lists the newest first with what is hostile escaped', async () => {
    const { alice } = shared()
    expect(await inboxOf(alice)).toBe('')
    arrive('alice@example.com', 'x', { subject: 'The first', size: 1_020_000 })
    arrive('alice@example.com', 'x', { subject: '<script>alert(1)</script>', sender: '"><img src=x onerror=alert(1)>' })
    const { status, text } = await alice.get(await inboxOf(alice))
    expect(status).toBe(200)
    expect(text).toContain('2 messages, 2 unread')
    expect(text).toContain('<td data-label="Size">996.1 KiB</td>')
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;</strong> (new)')
    expect(text).not.toContain('<script>alert')
    expect(text).not.toContain('<img src=x')
    expect(text.indexOf('&lt;script&gt;')).toBeLessThan(text.indexOf('The first'))
  })

  it('shows fifty at a time', async () => {
    const { bob } = shared()
    for (let number = 1; number <= 51; number += 1) arrive('bob@example.com', 'x', { subject: `Number ${number}.` })
    const inbox = await inboxOf(bob)
    const [first, second] = [await bob.get(inbox), await bob.get(`${inbox}?page=1`)]
    expect(first.text).toContain('Number 51.')
    expect(first.text).not.toContain('Number 1.')
    expect(first.text).toContain('?page=1">Older</a>')
    expect(second.text).toContain('Number 1.')
    expect(second.text).not.toContain('Number 51.')
    for (const odd of ['-1', '1e99', 'x', '99999999999999999999'])
      expect([odd, (await bob.get(`${inbox}?page=${odd}`)).status]).toEqual([odd, 200])
  })

  it('marks and deletes what is chosen, of the own messages only', async () => {
    const { alice } = shared()
    const [one, two] = [arrive('alice@example.com', 'x'), arrive('alice@example.com', 'x')]
    const inbox = await inboxOf(alice)
    await alice.submit(inbox, `${inbox}/read`, { message: String(one.storeID) })
    expect([one.isRead, two.isRead]).toEqual([true, false])
    const { file } = one
    const answer = await alice.submit(inbox, `${inbox}/delete`, { message: String(one.storeID) })
    expect([answer.status, one.isStored, existsSync(file), two.isStored]).toEqual([303, false, false, true])
    for (const odd of [String(one.storeID), '-1', '1', 'x', '1e300'])
      expect([odd, (await alice.submit(inbox, `${inbox}/delete`, { message: odd })).status]).toEqual([odd, 303])
    expect(two.isStored).toBe(true)
  })
})

describe('a message', () => {
  it('is shown as text, with what is attached, and never as the HTML that came', async () => {
    const { alice } = shared()
    const content = [
      'Content-Type: multipart/mixed; boundary=q',
      '',
      ...['--q', 'Content-Type: text/html', '', '<p>Hello<script>alert(2)</script> <b>you</b> &lt;i&gt;</p>'],
      ...[
        '--q',
        'Content-Type: text/plain',
        'Content-Disposition: attachment; filename="<b>.txt"',
        '',
        'abc',
        '--q--',
        '',
      ],
    ]
    arrive('alice@example.com', content.join('\r\n'), { subject: 'Shown' })
    const { status, text } = await alice.get(await pageOf(alice, 'Shown'))
    expect(status).toBe(200)
    expect(text).toContain('Hello you &lt;i&gt;')
    expect(text).toContain('&lt;b&gt;.txt (text/plain, 3 B)')
    expect(text).not.toContain('alert(2)')
  })

  it('is marked and deleted there, with its file', async () => {
    const { alice } = shared()
    const message = arrive('alice@example.com', 'x', { subject: 'To go' })
    const page = await pageOf(alice, 'To go')
    await alice.submit(page, `${page}/read`, {})
    expect(message.isRead).toBe(true)
    await alice.submit(page, `${page}/unread`, {})
    expect(message.isRead).toBe(false)
    const { file } = message
    const answer = await alice.submit(page, `${page}/delete`, {})
    expect([answer.headers.get('location'), existsSync(file)]).toEqual([await inboxOf(alice), false])
    expect((await alice.get(page)).status).toBe(404)
  })

  it('whose file is gone says so, and is nobody else’s to see', async () => {
    const { alice, bob } = shared()
    const message = arrive('alice@example.com', 'x', { subject: 'Gone' })
    const page = await pageOf(alice, 'Gone')
    expect((await bob.get(page)).status).toBe(404)
    rmSync(message.file)
    const { status, text } = await alice.get(page)
    expect(status).toBe(404)
    expect(text).not.toContain(shared().site.directory)
  })
})
