import { describe, expect, it } from 'vitest'
import { FORGOTTEN_AFTER, roomAfter, waitAfter } from '../../../src/accounts/attempts/attempt-limits.js'
import { browserMark, recogniseBrowser } from '../../../src/accounts/attempts/known-browser.js'
import { type Attempt, LoginAttempts, TooManyAttemptsError } from '../../../src/accounts/attempts/login-attempts.js'
import { createAccount } from '../../../src/accounts/create-account.js'
import { setPasswordHash } from '../../../src/accounts/set-password.js'
import { parseAddress } from '../../../src/base/address.js'
import type { Site } from '../../../src/site/site.js'
import { CHEAP_HASH } from '../../support/web-browser.js'
import { newSite } from '../new-site.js'

const SECOND = 1_000_000n

function siteWithClock() {
  let now = 1_700_000_000_000_000n
  const site = newSite({ clock: () => now })
  const pass = (seconds: number): void => {
    now += BigInt(seconds) * SECOND
  }
  return { site, attempts: new LoginAttempts(site), pass }
}

function succeed({ site, attempts }: ReturnType<typeof siteWithClock>): void {
  using attempt = attempts.begin({ name: 'alice@example.com', from: '192.0.2.1' })
  site.store.transact(() => attempt.noteSuccess())
}

function fail(site: Site, attempts: LoginAttempts, attempt: Partial<Attempt> = {}): number {
  try {
    using begun = attempts.begin({ name: 'alice@example.com', from: '192.0.2.1', ...attempt })
    site.store.transact(() => begun.noteFailure())
    return 0
  } catch (error) {
    if (error instanceof TooManyAttemptsError) return error.seconds
    throw error
  }
}

function failTimes(
  count: number,
  { site, attempts }: ReturnType<typeof siteWithClock>,
  attempt?: Partial<Attempt>,
): void {
  for (let time = 0; time < count; time += 1) expect(fail(site, attempts, attempt)).toBe(0)
}

describe('failures of one name', () => {
  it('are free at first, then each makes the next wait twice as long', () => {
    const house = siteWithClock()
    failTimes(6, house)
    expect(fail(house.site, house.attempts)).toBe(15)
    house.pass(15)
    failTimes(1, house)
    expect(fail(house.site, house.attempts)).toBe(30)
    house.pass(29)
    expect(fail(house.site, house.attempts)).toBe(1)
  })

  it('count in every letter case and from everywhere, also after a restart', () => {
    const house = siteWithClock()
    for (let host = 1; host <= 6; host += 1) failTimes(1, house, { from: `192.0.2.${host}` })
    const again = new LoginAttempts(house.site)
    expect(fail(house.site, again, { name: 'ALICE@example.COM', from: '198.51.100.7' })).toBe(15)
    expect(fail(house.site, again, { name: 'bob@example.com' })).toBe(0)
  })

  it('are forgotten after a success, and after an hour', () => {
    const house = siteWithClock()
    failTimes(5, house)
    succeed(house)
    failTimes(6, house)
    house.pass(Number(FORGOTTEN_AFTER / SECOND) + 1)
    failTimes(6, house)
  })

  it('keep nobody out at a browser that has logged in before', () => {
    const house = siteWithClock()
    failTimes(6, house)
    expect(fail(house.site, house.attempts)).toBe(15)
    expect(fail(house.site, house.attempts, { browser: 'mine' })).toBe(0)
  })

  it('count while they are under way', () => {
    const { attempts } = siteWithClock()
    const begun = Array.from({ length: 5 }, () => attempts.begin({ name: 'a@b', from: '192.0.2.1' }))
    expect(() => attempts.begin({ name: 'a@b', from: '192.0.2.2' })).toThrow(TooManyAttemptsError)
    for (const attempt of begun) attempt[Symbol.dispose]()
    attempts.begin({ name: 'a@b', from: '192.0.2.2' })[Symbol.dispose]()
  })
})

it('one network address may fail with many names before it waits; IPv6 counts by the half that a customer has', () => {
  const house = siteWithClock()
  for (let name = 0; name < 41; name += 1)
    failTimes(1, house, { name: `name${name}@example.com`, from: `2001:db8:1:2::${name.toString(16)}` })
  expect(fail(house.site, house.attempts, { name: 'new@example.com', from: '2001:0db8:1:2:ffff::1' })).toBe(15)
  expect(fail(house.site, house.attempts, { name: 'new@example.com', from: '2001:db8:1:3::1' })).toBe(0)
  expect(fail(house.site, house.attempts, { name: 'other@example.com', from: '::ffff:192.0.2.9' })).toBe(0)
})

it('no wait is longer than a quarter of an hour, and there is always room for one', () => {
  expect(waitAfter('name', 10_000)).toBe(900n * SECOND)
  expect([roomAfter('name', 0), roomAfter('name', 10_000)]).toEqual([5, 1])
})

it('the table holds neither names nor anything that is older than an hour', () => {
  const house = siteWithClock()
  failTimes(1, house)
  expect(JSON.stringify(house.site.store.sql.all('SELECT * FROM mantissa_login_attempt'))).not.toContain('alice')
  house.pass(3700)
  for (let name = 0; name < 60; name += 1) failTimes(1, house, { name: `${name}@example.com`, from: `192.0.3.${name}` })
  const rows = house.site.store.sql.pluck<number>('SELECT last FROM mantissa_login_attempt ORDER BY last')
  expect(BigInt(rows[0] ?? 0) + FORGOTTEN_AFTER).toBeGreaterThan(house.site.clock())
})

describe('the mark of a browser', () => {
  it('is good for the account that it was made for, until that has another password', () => {
    const { site } = siteWithClock()
    const account = createAccount(site, { address: parseAddress('alice@example.com'), passwordHash: CHEAP_HASH })
    createAccount(site, { address: parseAddress('bob@example.com'), passwordHash: CHEAP_HASH })
    const mark = browserMark(account)
    expect(recogniseBrowser(site, 'Alice@example.com', mark)).toBe(mark.split('.')[0])
    for (const name of ['bob@example.com', 'nobody@example.com', '', 'x\0@y', 'alice'])
      expect(recogniseBrowser(site, name, mark)).toBeUndefined()
    for (const other of [undefined, '', 'x', `${mark}x`])
      expect(recogniseBrowser(site, 'alice@example.com', other)).toBeUndefined()
    setPasswordHash(site, account, `${CHEAP_HASH}x`)
    expect(recogniseBrowser(site, 'alice@example.com', mark)).toBeUndefined()
  })

  it('of an account without a password cannot be made up', () => {
    const { site } = siteWithClock()
    const account = createAccount(site, { address: parseAddress('alice@example.com'), passwordHash: null })
    expect(recogniseBrowser(site, 'alice@example.com', browserMark(account))).toBeUndefined()
  })
})
