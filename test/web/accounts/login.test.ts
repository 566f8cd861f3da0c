import { beforeEach, describe, expect, it } from 'vitest'
import { createAccount } from '../../../src/accounts/create-account.js'
import { listSessions } from '../../../src/accounts/sessions/list-sessions.js'
import { parseAddress } from '../../../src/base/address.js'
import { type StartedSite, startSite } from '../../support/started-site.js'
import { CHEAP_HASH, WebBrowser } from '../../support/web-browser.js'

let started: StartedSite
let browser: WebBrowser

beforeEach(async () => {
  started = await startSite()
  createAccount(started.site, { address: parseAddress('alice@example.com'), passwordHash: CHEAP_HASH })
  browser = new WebBrowser(started.url)
})

function logIn(fields: Record<string, string> = {}) {
  return browser.submit('/login', '/login', { name: 'alice@example.com', password: 'password', ...fields })
}

describe('logging in', () => {
  it('recognises somebody from then on', async () => {
    const answer = await logIn()
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/private/'])
    expect((await browser.get('/')).text).toContain('alice@example.com')
    expect(listSessions(started.site)).toMatchObject([{ address: 'alice@example.com', kind: 'browser' }])
  })

  it('behaviour 124: logging out removes the session', async () => {
    await logIn({ remember: 'yes' })
    const token = browser.cookies.get('mantissa-session') ?? ''
    expect((await browser.submit('/', '/logout', {})).status).toBe(303)
    expect(listSessions(started.site)).toEqual([])
    browser.cookies.set('mantissa-session', token)
    expect((await browser.get('/')).text).not.toContain('alice@example.com')
  })

  it('refuses a wrong password and an unknown name with the same words', async () => {
    const wrong = await logIn({ password: 'other' })
    const unknown = await logIn({ name: 'nobody@example.com' })
    expect([wrong.status, unknown.status]).toEqual([403, 403])
    const shown = (text: string) => text.replaceAll(/value="[^"]*"/g, '')
    expect(shown(unknown.text)).toBe(shown(wrong.text))
    expect(wrong.text).toContain('Wrong address or password.')
  })
})
