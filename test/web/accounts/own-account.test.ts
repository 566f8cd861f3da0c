import { describe, expect, it } from 'vitest'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import type { LoginAccount } from '../../../src/accounts/login-account.js'
import { verifyPassword } from '../../../src/accounts/password.js'
import { beginSession } from '../../../src/accounts/sessions/begin-session.js'
import { listSessions } from '../../../src/accounts/sessions/list-sessions.js'
import { parseAddress } from '../../../src/base/address.js'
import { listAudit } from '../../../src/site/audit.js'
import { sharedByFile } from '../../support/at-end.js'
import { startSite } from '../../support/started-site.js'
import { loggedIn, type WebBrowser } from '../../support/web-browser.js'

const started = sharedByFile(() => startSite())
const ACCOUNT = '/private/account'

function accountOf(address: string): LoginAccount {
  return findAccountByAddress(started().site, parseAddress(address)) as LoginAccount
}

function change(browser: WebBrowser, fields: Record<string, string>) {
  return browser.submit(ACCOUNT, `${ACCOUNT}/password`, { current: 'password', new: 'long enough', ...fields })
}

describe('changing the own password', () => {
  it('asks for the current one, and ends all sessions but this', async () => {
    const browser = loggedIn(started(), 'alice@example.com')
    const other = loggedIn(started(), 'alice@example.com')
    const answer = await change(browser, { again: 'long enough' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, ACCOUNT])
    expect(await verifyPassword(accountOf('alice@example.com').passwordHash, 'long enough')).toBe(true)
    expect((await browser.get(ACCOUNT)).text).toContain('The password is changed.')
    expect((await other.get(ACCOUNT)).status).toBe(303)
    expect(listAudit(started().site)[0]).toMatchObject({ verb: 'passwd', user: 'alice@example.com', host: '127.0.0.1' })
  })

  it.each([
    [{ current: 'wrong', again: 'long enough' }, 403, 'The current password is another one.'],
    [{ new: 'short', again: 'short' }, 400, 'A password has at least 8 characters.'],
    [{ again: 'long enougH' }, 400, 'The new passwords are not the same.'],
  ])('refuses %o', async (fields, status, sentence) => {
    const browser = loggedIn(started(), 'bob@example.com')
    const before = accountOf('bob@example.com').passwordHash
    const answer = await change(browser, fields)
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(sentence)])
    expect(answer.text).not.toContain('long enough')
    expect(accountOf('bob@example.com').passwordHash).toBe(before)
  })
})

describe('the own sessions', () => {
  it('are listed, and ended one by one or all but this', async () => {
    const browser = loggedIn(started(), 'carol@example.com')
    const { site } = started()
    const account = accountOf('carol@example.com')
    const sessions = () => listSessions(site, { accountId: account.storeID })
    beginSession(site, account, 'remembered')
    beginSession(site, account, 'browser')
    const [own, second] = sessions()
    expect((await browser.get(ACCOUNT)).text).toContain('Stays logged in')
    await browser.submit(ACCOUNT, `${ACCOUNT}/sessions/end`, { session: String(second?.sessionId) })
    expect(sessions()).toHaveLength(2)
    await browser.submit(ACCOUNT, `${ACCOUNT}/sessions/end-others`, {})
    expect(sessions()).toEqual([own])
  })

  it('of others are not ended', async () => {
    const dave = loggedIn(started(), 'dave@example.com')
    loggedIn(started(), 'erin@example.com')
    const { site } = started()
    const [victim] = listSessions(site, { accountId: accountOf('erin@example.com').storeID })
    await dave.submit(ACCOUNT, `${ACCOUNT}/sessions/end`, { session: String(victim?.sessionId) })
    expect(listSessions(site, { accountId: accountOf('erin@example.com').storeID })).toEqual([victim])
  })
})
