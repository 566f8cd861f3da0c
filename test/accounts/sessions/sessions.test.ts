import { expect, it } from 'vitest'
import { createAccount } from '../../../src/accounts/create-account.js'
import { removeAccount } from '../../../src/accounts/remove-account.js'
import { beginSession, MOST_SESSIONS } from '../../../src/accounts/sessions/begin-session.js'
import { removeExpiredSessions } from '../../../src/accounts/sessions/end-sessions.js'
import { findSession, renewSession, wantsRenewal } from '../../../src/accounts/sessions/find-session.js'
import { listSessions } from '../../../src/accounts/sessions/list-sessions.js'
import { LIFETIMES, PersistentSession } from '../../../src/accounts/sessions/persistent-session.js'
import { parseAddress } from '../../../src/base/address.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { CHEAP_HASH } from '../../support/web-browser.js'
import { newSite } from '../new-site.js'

function siteWithAlice() {
  let now = 1_700_000_000_000_000n
  const site = newSite({ clock: () => now })
  const account = createAccount(site, { address: parseAddress('alice@example.com'), passwordHash: CHEAP_HASH })
  const pass = (microseconds: bigint): void => {
    now += microseconds
  }
  return { site, account, pass }
}

it('a token is recognised, and the store holds a hash of it', () => {
  const { site, account } = siteWithAlice()
  const token = beginSession(site, account, 'remembered')
  expect(findSession(site, token)).toMatchObject({ address: 'alice@example.com', account })
  const { sessionKey, authenticatedAs } = site.store.findUnique(PersistentSession)
  expect(Buffer.from(authenticatedAs).toString()).toBe('alice@example.com')
  expect(Buffer.from(sessionKey).toString()).not.toContain(token.split('.')[2])
})

it('a session that has not been used for its lifetime is not recognised, whether its row is there or not', () => {
  const { site, account, pass } = siteWithAlice()
  const [remembered, short] = [beginSession(site, account, 'remembered'), beginSession(site, account, 'browser')]
  pass(LIFETIMES.browser + 1n)
  expect(findSession(site, short)).toBeUndefined()
  expect(findSession(site, remembered)).toBeDefined()
  pass(LIFETIMES.remembered)
  expect(findSession(site, remembered)).toBeUndefined()
  expect(listSessions(site)).toEqual([])
  expect(site.store.query(PersistentSession).toArray()).toHaveLength(2)
  expect([removeExpiredSessions(site), removeExpiredSessions(site)]).toEqual([2, 0])
})

it('using a session keeps it, and that is written down now and then only', () => {
  const { site, account, pass } = siteWithAlice()
  const token = beginSession(site, account, 'browser')
  const session = () => site.store.findUnique(PersistentSession)
  expect(wantsRenewal(site, session())).toBe(false)
  pass(LIFETIMES.browser - 1n)
  expect(wantsRenewal(site, session())).toBe(true)
  renewSession(site, session().storeID)
  pass(LIFETIMES.browser - 1n)
  expect(findSession(site, token)).toBeDefined()
})

it('a text that is no token is nobody', () => {
  const { site, account } = siteWithAlice()
  const token = beginSession(site, account, 'browser')
  const [id, , secret] = token.split('.')
  const others = [
    '',
    'x',
    `${id}.r.${secret}`,
    `0${token}`,
    `${token}A`,
    `2.b.${secret}`,
    `999999.b.${secret}`,
    '1'.repeat(500),
  ]
  for (const text of others) expect(findSession(site, text)).toBeUndefined()
})

it('a row of the original authenticates nobody and is removed when it is old', () => {
  const { site, pass } = siteWithAlice()
  site.store.transact(() =>
    site.store.create(PersistentSession, {
      sessionKey: Buffer.from('0123456789abcdef'),
      authenticatedAs: Buffer.from('alice@example.com'),
      lastUsed: Timestamp.fromMicroseconds(site.clock()),
    }),
  )
  expect(findSession(site, '0123456789abcdef')).toBeUndefined()
  expect(listSessions(site)).toEqual([])
  pass(LIFETIMES.browser + 1n)
  expect(removeExpiredSessions(site)).toBe(1)
})

it('sessions go with their account, and nobody else has them who is given its number', () => {
  const { site, account } = siteWithAlice()
  const token = beginSession(site, account, 'remembered')
  removeAccount(site, account)
  expect(site.store.query(PersistentSession).toArray()).toEqual([])
  expect(findSession(site, token)).toBeUndefined()
})

it('of too many sessions of one account those end that were used longest ago', () => {
  const { site, account, pass } = siteWithAlice()
  const tokens = Array.from({ length: MOST_SESSIONS + 2 }, () => {
    pass(1_000_000n)
    return beginSession(site, account, 'browser')
  })
  expect(tokens.map(token => findSession(site, token) !== undefined)).toEqual(tokens.map((_, index) => index >= 2))
})

it('an account without a password has no sessions', () => {
  const { site } = siteWithAlice()
  const bob = createAccount(site, { address: parseAddress('bob@example.com'), passwordHash: null })
  expect(findSession(site, beginSession(site, bob, 'browser'))).toBeUndefined()
})
