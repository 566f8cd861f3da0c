import { beforeEach, describe, expect, it } from 'vitest'
import { createAccount } from '../../../src/accounts/create-account.js'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import type { LoginAccount } from '../../../src/accounts/login-account.js'
import { beginSession } from '../../../src/accounts/sessions/begin-session.js'
import { listSessions } from '../../../src/accounts/sessions/list-sessions.js'
import { LIFETIMES, PersistentSession } from '../../../src/accounts/sessions/persistent-session.js'
import { setDisabled } from '../../../src/accounts/set-disabled.js'
import { setPasswordHash } from '../../../src/accounts/set-password.js'
import { parseAddress } from '../../../src/base/address.js'
import { Site } from '../../../src/site/site.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { signingKey } from '../../../src/web/web-secret.js'
import { sharedByFile } from '../../support/at-end.js'
import { startSite } from '../../support/started-site.js'
import { CHEAP_HASH, WebBrowser } from '../../support/web-browser.js'

const started = sharedByFile(() => startSite())
let browser: WebBrowser
let people = 0
let address: string
let account: LoginAccount

beforeEach(() => {
  people += 1
  address = `person${people}@example.com`
  account = createAccount(started().site, { address: parseAddress(address), passwordHash: CHEAP_HASH })
  browser = new WebBrowser(started().url)
})

function logIn(fields: Record<string, string> = {}) {
  return browser.submit('/login', '/login', { name: address, password: 'password', ...fields })
}

async function isRecognised(): Promise<boolean> {
  return (await browser.get('/')).text.includes(address)
}

function ownSessions() {
  return listSessions(started().site, { accountId: account.storeID })
}

describe('logging in', () => {
  it('recognises somebody from then on, until the browser is closed', async () => {
    const answer = await logIn()
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/private/'])
    expect(await isRecognised()).toBe(true)
    expect(ownSessions()).toMatchObject([{ address, kind: 'browser' }])
    const cookie = cookieOf(answer.headers, 'mantissa-session')
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(cookie).not.toMatch(/domain|max-age|expires/i)
  })

  it('remembers somebody who wants it for two weeks', async () => {
    const answer = await logIn({ remember: 'yes' })
    expect(cookieOf(answer.headers, 'mantissa-session')).toContain('Max-Age=1209600')
    expect(ownSessions()).toMatchObject([{ kind: 'remembered' }])
  })

  it('takes a name without domain for one of the host that was called', async () => {
    expect((await logIn({ name: `person${people}` })).status).toBe(303)
    expect(await isRecognised()).toBe(true)
  })

  it('leads to where somebody wanted to go, on this site only', async () => {
    expect((await logIn({ next: '/private/abc?x=1' })).headers.get('location')).toBe('/private/abc?x=1')
    for (const next of [
      '//evil.example/',
      '/\\evil.example',
      'https://evil.example/',
      '/a\nb',
      'javascript:alert(1)',
    ]) {
      browser = new WebBrowser(started().url)
      expect((await logIn({ next })).headers.get('location')).toBe('/private/')
    }
  })

  it('gives a new session to a browser that has one, and ends that', async () => {
    browser.cookies.set('mantissa-session', beginSession(started().site, account, 'remembered'))
    const page = await browser.get('/private/account')
    const [, token = ''] = /name="_csrf" value="([^"]*)"/.exec(page.text) ?? []
    const [old] = ownSessions()
    await browser.post('/login', { _csrf: token, name: address, password: 'password' })
    expect(ownSessions().map(({ sessionId }) => sessionId)).not.toContain(old?.sessionId)
    expect(ownSessions()).toHaveLength(1)
  })

  it('never takes a token that a visitor brings along', async () => {
    browser.cookies.set('mantissa-session', `${account.storeID}.b.${'A'.repeat(43)}`)
    await logIn()
    expect(browser.cookies.get('mantissa-session')).not.toContain('AAAA')
  })

  it('refuses a wrong password and an unknown name with the same page', async () => {
    const wrong = await logIn({ password: 'other' })
    const unknown = await logIn({ name: 'nobody@example.com' })
    expect([wrong.status, unknown.status]).toEqual([403, 403])
    const shown = (text: string) => text.replaceAll(/value="[^"]*"/g, '')
    expect(shown(unknown.text)).toBe(shown(wrong.text))
    expect(wrong.text).toContain('Wrong address or password.')
    expect(wrong.text).not.toContain('other"')
  })

  it('refuses a form that no page of ours has made', async () => {
    const fields = { name: address, password: 'password' }
    expect((await browser.post('/login', fields)).status).toBe(403)
    await browser.get('/login')
    expect((await browser.post('/login', { ...fields, _csrf: 'made-up' })).status).toBe(403)
    const foreign = await browser.submit('/login', '/login', fields)
    expect(foreign.status).toBe(303)
    const page = await browser.get('/')
    const [, token = ''] = /name="_csrf" value="([^"]*)"/.exec(page.text) ?? []
    for (const headers of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }])
      expect((await browser.post('/logout', { _csrf: token }, headers)).status).toBe(403)
    expect(await isRecognised()).toBe(true)
  })

  it('takes a form that was shown before the node was started anew', async () => {
    const { node } = started()
    const key = await signingKey(node, 'forms')
    expect([await signingKey(node, 'forms'), await signingKey(node, 'notices')]).toEqual([
      key,
      expect.not.stringContaining(key),
    ])
    const old = await browser.post('/login', { _csrf: 'of another site', name: address, password: 'password' })
    expect(old.text).toContain('This form is too old')
  })

  it('takes no token of another session', async () => {
    await logIn()
    const page = await browser.get('/')
    const [, token = ''] = /name="_csrf" value="([^"]*)"/.exec(page.text) ?? []
    browser.cookies.set('mantissa-session', beginSession(started().site, account, 'browser'))
    expect((await browser.post('/logout', { _csrf: token })).status).toBe(403)
  })
})

describe('a session ends', () => {
  it('behaviour 124: when somebody logs out, and its row with it', async () => {
    await logIn({ remember: 'yes' })
    const token = browser.cookies.get('mantissa-session') ?? ''
    expect((await browser.submit('/', '/logout', {})).status).toBe(303)
    expect(ownSessions()).toEqual([])
    expect(browser.cookies.has('mantissa-session')).toBe(false)
    expect((await browser.get('/')).text).toContain('You have logged out.')
    expect((await browser.get('/')).text).not.toContain('You have logged out.')
    browser.cookies.set('mantissa-session', token)
    expect(await isRecognised()).toBe(false)
  })

  it.each([
    ['another password', (site: Site, own: LoginAccount) => setPasswordHash(site, own, `${CHEAP_HASH}x`)],
    ['disabling', (site: Site, own: LoginAccount) => void setDisabled(site, own, true)],
  ])('by %s that another process sets, for good', async (_name, change) => {
    await logIn()
    expect(await isRecognised()).toBe(true)
    using elsewhere = Site.open(started().site.directory)
    const own = findAccountByAddress(elsewhere, parseAddress(address)) as LoginAccount
    change(elsewhere, own)
    expect(await isRecognised()).toBe(false)
    setPasswordHash(elsewhere, own, CHEAP_HASH)
    setDisabled(elsewhere, own, false)
    expect(await isRecognised()).toBe(false)
  })

  it('behaviour 125: when it has been idle for too long, and its row goes when the node starts', async () => {
    const { site } = await startSite({
      prepare: prepared => {
        const old = createAccount(prepared, { address: parseAddress('old@example.com'), passwordHash: CHEAP_HASH })
        beginSession(prepared, old, 'remembered')
        prepared.store.transact(() => {
          const idle = prepared.clock() - LIFETIMES.remembered - 1n
          prepared.store.findUnique(PersistentSession).lastUsed = Timestamp.fromMicroseconds(idle)
        })
      },
    })
    await expect.poll(() => site.store.query(PersistentSession).toArray()).toEqual([])
  })

  it('also where somebody sets the hash without knowing of sessions', async () => {
    await logIn()
    started().site.store.transact(() => {
      account.passwordHash = CHEAP_HASH.replace(/.$/, 'A')
    })
    expect(ownSessions()).toHaveLength(1)
    expect(await isRecognised()).toBe(false)
  })
})

it('leads people who have not logged in to the login page, and programs not', async () => {
  const page = await browser.get('/private/account?x=1')
  expect([page.status, page.headers.get('location')]).toEqual([303, '/login?next=%2Fprivate%2Faccount%3Fx%3D1'])
  const json = await browser.get('/private/account', { accept: 'application/json' })
  expect([json.status, JSON.parse(json.text)]).toMatchObject([401, { error: { code: 'UNAUTHORIZED' } }])
})

function cookieOf(headers: Headers, name: string): string {
  return headers.getSetCookie().find(cookie => cookie.startsWith(`${name}=`)) ?? ''
}
