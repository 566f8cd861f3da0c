import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAccounts } from '../../../src/accounts/create-accounts.js'
import { findAccountByAddress, getAccountByAddress } from '../../../src/accounts/find-account.js'
import { addLoginMethod } from '../../../src/accounts/login-methods.js'
import { parseAddress, parseExistingAddress } from '../../../src/base/address.js'
import { Site } from '../../../src/site/site.js'
import { listTransfers } from '../../../src/site/transfers-journal.js'
import { parseGlob } from '../../../src/transfer/batch/address-glob.js'
import type { BatchOptions, UserOutcome } from '../../../src/transfer/batch/batch-options.js'
import { planUsers } from '../../../src/transfer/batch/plan-users.js'
import {
  assertGlobsMatch,
  countUsers,
  selectUsers,
  type UserSelection,
} from '../../../src/transfer/batch/select-users.js'
import { transferUsers } from '../../../src/transfer/batch/transfer-users.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { cloneFixture } from '../../support/fixtures.js'
import { directoryOfUser, keep, newSite } from '../two-sites.js'

const named = (...names: readonly string[]): UserSelection => ({ addresses: names.map(parseExistingAddress) })
const matching = (...patterns: readonly string[]): UserSelection => ({ globs: patterns.map(parseGlob) })

async function siteWith(...names: readonly string[]): Promise<Site> {
  const site = newSite()
  const requests = names.map(name => ({ place: 0, account: { address: parseAddress(name), passwordHash: null } }))
  for await (const { error } of createAccounts(site, requests)) if (error) throw error
  return site
}

async function move(source: Site, selection: UserSelection, options: BatchOptions): Promise<UserOutcome[]> {
  const outcomes: UserOutcome[] = []
  for await (const outcome of transferUsers(source, selection, options)) outcomes.push(outcome)
  return outcomes
}

const told = (outcomes: readonly UserOutcome[]) => outcomes.map(({ status, address }) => `${status} ${address}`)
const addresses = (from: Site, to: Site, selection: UserSelection) =>
  [...selectUsers(from, to, selection)].map(({ localpart, domain }) => `${localpart}@${domain}`)

function expectOnceEach(names: readonly string[], source: Site, target: Site): void {
  for (const name of names) {
    const places = [source, target].filter(site => findAccountByAddress(site, parseExistingAddress(name)))
    expect(places.length, name).toBe(1)
  }
}

describe('a selection', () => {
  it('gives each user once, however many of their addresses are named or matched', async () => {
    const [source, target] = [await siteWith('alice@a.com', 'bob@a.com', 'carol@b.com'), newSite()]
    const alice = getAccountByAddress(source, parseExistingAddress('alice@a.com'))
    addLoginMethod(alice, { localpart: 'al', domain: 'b.com', protocol: '*', internal: false, verified: false })
    expect(addresses(source, target, { all: true })).toEqual(['alice@a.com', 'bob@a.com', 'carol@b.com'])
    expect(addresses(source, target, matching('*@b.com'))).toEqual(['al@b.com', 'carol@b.com'])
    expect(addresses(source, target, matching('*@b.com', 'a*@*'))).toEqual(['alice@a.com', 'carol@b.com'])
    const both = { ...named('carol@b.com', 'AL@b.com', 'alice@a.com', 'no@b.com', 'NO@b.com'), ...matching('*@*') }
    expect(addresses(source, target, both)).toEqual(['carol@b.com', 'AL@b.com', 'no@b.com', 'bob@a.com'])
  })

  it('leaves application stores out, and artificial users not', () => {
    const source = keep(newSiteOfOriginal())
    const target = newSite()
    const all = addresses(source, target, { all: true })
    expect(all).toContain('bob@example.org')
    expect(all.filter(name => name.endsWith('@null'))).toEqual([])
    expect(countUsers(source, target, { all: true })).toEqual({ total: all.length, already: 0 })
  })

  it('holds those who are at the target already, once each, before the others', async () => {
    const [source, target] = [await siteWith('alice@a.com', 'bob@a.com', 'carol@b.com'), newSite()]
    const alice = getAccountByAddress(source, parseExistingAddress('alice@a.com'))
    addLoginMethod(alice, { localpart: 'al', domain: 'b.com', protocol: '*', internal: false, verified: false })
    await transferUser(source, parseExistingAddress('alice@a.com'), { to: target })
    expect(addresses(source, target, { all: true })).toEqual(['al@b.com', 'bob@a.com', 'carol@b.com'])
    expect(addresses(source, target, matching('*@a.com'))).toEqual(['alice@a.com', 'bob@a.com'])
    expect(addresses(source, target, { ...named('alice@a.com'), ...matching('*@a.com') })).toHaveLength(2)
    expect(countUsers(source, target, { all: true })).toEqual({ total: 3, already: 1 })
    const third = newSite()
    expect(addresses(source, third, { all: true })).toEqual(['bob@a.com', 'carol@b.com'])
  })

  it('misses whoever a pattern does not match', async () => {
    const [source, target] = [await siteWith('alice@a.com'), newSite()]
    const [any, nobody] = [parseGlob('a*@*'), parseGlob('x*@*')]
    expect(() => assertGlobsMatch(source, target, [any, nobody])).toThrow(
      expect.objectContaining({ code: 'NOBODY_MATCHES', message: expect.stringContaining('x*@*') }),
    )
    await transferUser(source, parseExistingAddress('alice@a.com'), { to: target })
    assertGlobsMatch(source, target, [any])
    expect(() => assertGlobsMatch(source, newSite(), [any])).toThrow(
      expect.objectContaining({ code: 'NOBODY_MATCHES' }),
    )
  })
})

function newSiteOfOriginal(): Site {
  return Site.open(cloneFixture('divmod-site.axiom'))
}

describe('transferUsers', () => {
  it('moves everybody some at a time, and says of everybody when it is asked again', async () => {
    const names = Array.from({ length: 7 }, (_, number) => `u${number}@a.com`)
    const [source, target] = [await siteWith(...names), newSite()]
    let [open, most] = [0, 0]
    const outcomes = await move(
      source,
      { all: true },
      {
        to: target,
        maxParallel: 3,
        observe: (step, moment) => {
          if (step === 'plan' && moment === 'after') most = Math.max(most, ++open)
          if (step === 'close' && moment === 'after') open -= 1
        },
      },
    )
    expect(told(outcomes).sort()).toEqual(names.map(name => `moved ${name}`))
    expect(most).toBe(3)
    expectOnceEach(names, source, target)
    expect(told(await move(source, { all: true }, { to: target }))).toEqual(names.map(name => `already ${name}`))
    expect(told(await move(source, named('u3@a.com'), { to: target }))).toEqual(['already u3@a.com'])
  })

  it('is stopped by nobody’s accident, whatever it is', async () => {
    const [source, target] = [await siteWith('a@x.com', 'b@x.com', 'c@x.com', 'd@x.com'), await siteWith('B@x.com')]
    rmSync(join(directoryOfUser(source, 'c@x.com'), 'db.sqlite'))
    const outcomes = await move(
      source,
      { ...named('a@x.com', 'nobody@x.com'), ...matching('*@*') },
      {
        to: target,
        onPlan: plan => {
          if (plan.address === 'd@x.com') throw new TypeError('a bug')
        },
      },
    )
    expect(outcomes).toMatchObject([
      { status: 'moved', address: 'a@x.com' },
      { status: 'failed', address: 'nobody@x.com', error: { code: 'NO_SUCH_USER' } },
      { status: 'failed', address: 'b@x.com', error: { code: 'ADDRESS_TAKEN' } },
      { status: 'failed', address: 'c@x.com', error: { code: 'USER_STORE_LOST' } },
      { status: 'failed', address: 'd@x.com', error: { message: 'a bug' } },
    ])
    expect(findAccountByAddress(source, parseExistingAddress('d@x.com'))).toBeDefined()
  })

  it('begins with nobody else after so many failures', async () => {
    const source = await siteWith('a@x.com', 'b@x.com')
    const outcomes = await move(source, named('no@x.com', 'a@x.com', 'nor@x.com', 'b@x.com'), {
      to: newSite(),
      maxFailures: 2,
    })
    expect(told(outcomes)).toEqual(['failed no@x.com', 'moved a@x.com', 'failed nor@x.com'])
  })

  it('undoes what is under way when it is aborted, ends what is decided, and begins with nobody else', async () => {
    const names = ['a@x.com', 'b@x.com', 'c@x.com', 'd@x.com']
    const [source, target] = [await siteWith(...names), newSite()]
    const controller = new AbortController()
    const reason = new Error('enough')
    const outcomes = await move(
      source,
      { all: true },
      {
        to: target,
        maxParallel: 2,
        signal: controller.signal,
        observe: (step, moment) => {
          if (moment === 'after' && step === 'commit') controller.abort(reason)
        },
      },
    )
    expect(outcomes.length).toBeLessThan(4)
    expect(outcomes.filter(({ status }) => status === 'moved')).not.toEqual([])
    expect(outcomes.map(({ status }) => status)).not.toContain('failed')
    expectOnceEach(names, source, target)
    expect([...listTransfers(source, { open: true }), ...listTransfers(target, { open: true })]).toEqual([])
    expect(told(await move(source, { all: true }, { to: target }))).toHaveLength(4)
    expectOnceEach(names, newSite(), target)
  })

  it('leaves nothing under way behind a reader who stops reading', async () => {
    const names = ['a@x.com', 'b@x.com', 'c@x.com']
    const [source, target] = [await siteWith(...names), newSite()]
    for await (const { status } of transferUsers(source, { all: true }, { to: target, maxParallel: 3 })) {
      expect(status).toBe('moved')
      break
    }
    expectOnceEach(names, source, target)
    expect([...listTransfers(source, { open: true }), ...listTransfers(target, { open: true })]).toEqual([])
    expect(readdirSync(join(target.directory, 'temp'))).toEqual([])
  })

  it('refuses as a whole what can be of no avail to anybody', async () => {
    const source = await siteWith('a@x.com')
    await expect(move(source, { all: true }, { to: source })).rejects.toThrow(
      expect.objectContaining({ code: 'SAME_SITE' }),
    )
    expect(existsSync(directoryOfUser(source, 'a@x.com'))).toBe(true)
  })

  it('takes no newcomer for somebody who has moved', async () => {
    const [source, target] = [await siteWith('alice@a.com'), newSite()]
    const alice = parseExistingAddress('alice@a.com')
    await transferUser(source, alice, { to: target })
    await transferUser(target, alice, { to: newSite() })
    expect(await move(source, named('alice@a.com'), { to: target })).toMatchObject([{ error: { code: 'MOVED' } }])
    await siteGets(target, 'alice@a.com')
    expect(await move(source, named('alice@a.com'), { to: target })).toMatchObject([{ error: { code: 'MOVED' } }])
    expect(addresses(source, target, { all: true })).toEqual([])
  })
})

async function siteGets(site: Site, name: string): Promise<void> {
  const account = { address: parseAddress(name), passwordHash: null }
  for await (const { error } of createAccounts(site, [{ place: 0, account }], { reuseNames: true }))
    if (error) throw error
}

describe('planUsers', () => {
  it('tells who can be moved and who cannot, and touches nothing', async () => {
    const [source, target] = [await siteWith('a@x.com', 'b@x.com', 'c@x.com'), await siteWith('B@x.com')]
    await transferUser(source, parseExistingAddress('a@x.com'), { to: target })
    const before = listTransfers(source)
    const outcomes = []
    for await (const outcome of planUsers(source, { all: true }, { to: target })) outcomes.push(outcome)
    expect(outcomes).toMatchObject([
      { status: 'already', address: 'a@x.com' },
      { status: 'failed', address: 'b@x.com', error: { code: 'ADDRESS_TAKEN' } },
      { status: 'planned', address: 'c@x.com', plan: { files: 0 } },
    ])
    expect(listTransfers(source)).toEqual(before)
  })
})
