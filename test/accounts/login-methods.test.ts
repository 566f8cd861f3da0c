import { describe, expect, it } from 'vitest'
import { readAccountRecord, subStoreOf } from '../../src/accounts/account-rows.js'
import { createAccount } from '../../src/accounts/create-account.js'
import type { LoginAccount } from '../../src/accounts/login-account.js'
import { LoginAccount as Account } from '../../src/accounts/login-account.js'
import { LoginMethod } from '../../src/accounts/login-method.js'
import {
  addLoginMethod,
  getAccountNames,
  getDomainNames,
  getLoginMethods,
  removeLoginMethod,
} from '../../src/accounts/login-methods.js'
import { parseAddress } from '../../src/base/address.js'
import { listDeeds } from '../../src/site/deeds.js'
import { Site } from '../../src/site/site.js'
import type { Store } from '../../src/store-engine/store.js'
import { cloneFixture } from '../support/fixtures.js'
import { newSite } from './new-site.js'

const al = { localpart: 'al', domain: 'example.org', protocol: '*', internal: false, verified: false }

function alice(site = newSite()) {
  const account = createAccount(site, { address: parseAddress('alice@example.com'), passwordHash: null })
  const userStore = subStoreOf(account)?.open() as Store
  return { site, account, userStore }
}

function bothRecords({ site, account, userStore }: { site: Site; account: LoginAccount; userStore: Store }) {
  return [readAccountRecord(site, account), readAccountRecord(userStore, userStore.findUnique(Account))]
}

describe('addLoginMethod', () => {
  it('behaviour 11: from the site, both stores get it, and a repetition does nothing', () => {
    const made = alice()
    expect(addLoginMethod(made.account, al)).toBe(true)
    expect(addLoginMethod(made.account, al)).toBe(false)
    const [site, user] = bothRecords(made)
    expect(site?.methods).toHaveLength(2)
    expect(user).toEqual(site)
    expect(listDeeds(made.site)).toEqual([])
  })

  it('behaviour 12: from the user, both stores get it, and a repetition does nothing', () => {
    const made = alice()
    const inner = made.userStore.findUnique(Account)
    expect(addLoginMethod(inner, al)).toBe(true)
    expect(addLoginMethod(inner, al)).toBe(false)
    const [site, user] = bothRecords(made)
    expect(site?.methods).toHaveLength(2)
    expect(user).toEqual(site)
  })

  it('refuses what another account has, in any letter case, and changes neither store', () => {
    const made = alice()
    createAccount(made.site, { address: parseAddress('AL@example.org'), passwordHash: null, disabled: true })
    expect(() => addLoginMethod(made.account, al)).toThrow(expect.objectContaining({ code: 'ADDRESS_TAKEN' }))
    expect(bothRecords(made).map(record => record.methods.length)).toEqual([1, 1])
  })

  it('gives one address to several protocols of an account, but not twice to one', () => {
    const { account } = alice()
    expect(addLoginMethod(account, { ...al, protocol: 'sip' })).toBe(true)
    expect(addLoginMethod(account, { ...al, protocol: 'email' })).toBe(true)
    const other = { ...al, protocol: 'sip', verified: true }
    expect(() => addLoginMethod(account, other)).toThrow(expect.objectContaining({ code: 'LOGIN_METHOD_DIFFERS' }))
  })
})

describe('removeLoginMethod', () => {
  it('takes an address away in both stores', () => {
    const made = alice()
    addLoginMethod(made.account, al)
    expect(removeLoginMethod(made.account, parseAddress('AL@example.org'))).toEqual([al])
    expect(bothRecords(made).map(record => record.methods.length)).toEqual([1, 1])
  })

  it('refuses the last address and one that the account does not have', () => {
    const { account } = alice()
    const last = () => removeLoginMethod(account, parseAddress('alice@example.com'))
    expect(last).toThrow(expect.objectContaining({ code: 'LAST_LOGIN_METHOD' }))
    const unknown = () => removeLoginMethod(account, parseAddress('bob@example.com'))
    expect(unknown).toThrow(expect.objectContaining({ code: 'NO_SUCH_LOGIN_METHOD' }))
  })
})

describe('what a store knows', () => {
  it('behaviour 13: a user store lists all its names', () => {
    const made = alice()
    addLoginMethod(made.account, al)
    expect(getAccountNames(made.userStore)).toEqual([
      { localpart: 'alice', domain: 'example.com' },
      { localpart: 'al', domain: 'example.org' },
    ])
  })

  it('behaviour 14: methods for any protocol pass every protocol filter', () => {
    const made = alice()
    addLoginMethod(made.account, al)
    addLoginMethod(made.account, { ...al, localpart: 'a', protocol: 'sip' })
    expect(getLoginMethods(made.userStore, 'sip').map(method => method.address)).toEqual([
      'al@example.org',
      'a@example.org',
    ])
    expect(getLoginMethods(made.site.store).map(method => method.address)).toHaveLength(3)
  })

  it('behaviour 16: local domains are the sorted distinct domains of internal methods, without null', () => {
    const made = alice()
    addLoginMethod(made.account, { ...al, domain: 'b.example', internal: true })
    addLoginMethod(made.account, { ...al, domain: 'a.example', internal: true })
    addLoginMethod(made.account, { ...al, localpart: 'x', domain: 'a.example', internal: true })
    addLoginMethod(made.account, { ...al, domain: 'external.example' })
    made.site.store.create(LoginMethod, {
      ...al,
      localpart: 'app',
      domain: null,
      internal: true,
      account: made.account,
    })
    expect(getDomainNames(made.site.store)).toEqual(['a.example', 'b.example', 'example.com'])
  })

  it('on the real site, the same as the original', () => {
    using site = Site.open(cloneFixture('divmod-site.axiom'))
    expect(getDomainNames(site.store)).toEqual(['example.org', 'voice.example.org'])
  })
})
