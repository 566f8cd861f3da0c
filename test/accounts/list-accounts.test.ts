import { describe, expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/create-account.js'
import { createAccounts, type RequestOutcome } from '../../src/accounts/create-accounts.js'
import { countAccounts, listAccounts } from '../../src/accounts/list-accounts.js'
import { LoginAccount } from '../../src/accounts/login-account.js'
import { LoginMethod } from '../../src/accounts/login-method.js'
import { parseAddress } from '../../src/base/address.js'
import { createSiteStore, type Site } from '../../src/site/site.js'
import { SubStore } from '../../src/store-engine/sub-store.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { newSite } from './new-site.js'

function insertRows(site: Site, count: number): void {
  const { store } = site
  store.transact(() => {
    for (let index = 1; index <= count; index += 1) {
      const avatars = store.create(SubStore, { storepath: store.filePath('account', 'e', `u${index}.axiom`) })
      const account = store.create(LoginAccount, { avatars, disabled: index % 2 })
      const flags = { protocol: 'email', internal: true, verified: true }
      store.create(LoginMethod, { localpart: `u${index}`, domain: 'e', ...flags, account })
    }
  })
}

const addressesOf = (rows: Iterable<{ address: string | null }>) => [...rows].map(({ address }) => address)

describe('listAccounts', () => {
  it('lists every account once, over many pages, also while others are created and removed', () => {
    const site = newSite()
    insertRows(site, 1203)
    const seen: (string | null)[] = []
    for (const { address } of listAccounts(site)) {
      if (seen.length === 600) {
        insertRows(site, 1)
        site.store.findFirst(LoginMethod, LoginMethod.localpart.equals('u100'))?.account.deleteFromStore()
      }
      seen.push(address)
    }
    expect(seen.slice(0, 1203)).toEqual(Array.from({ length: 1203 }, (_, index) => `u${index + 1}@e`))
    expect(seen).toHaveLength(1204)
  })

  it('filters by domain in any letter case, by state, and by offering', () => {
    const site = newSite()
    createAccount(site, { address: parseAddress('a@one.example'), passwordHash: null })
    createAccount(site, { address: parseAddress('b@two.example'), passwordHash: 'x', disabled: true })
    const further = { localpart: 'c', domain: 'one.example', protocol: '*', internal: false, verified: false }
    const third = createAccount(site, {
      address: parseAddress('c@two.example'),
      passwordHash: null,
      furtherMethods: [further],
    })
    site.store.transact(() =>
      site.store.sql.run("INSERT INTO mantissa_endowment VALUES (?, 'notes', 'notes', 0)", third.storeID),
    )
    expect(addressesOf(listAccounts(site, { domain: 'ONE.example' }))).toEqual(['a@one.example', 'c@two.example'])
    expect(addressesOf(listAccounts(site, { disabled: true }))).toEqual(['b@two.example'])
    expect(addressesOf(listAccounts(site, { disabled: false, domain: 'two.example' }))).toEqual(['c@two.example'])
    expect(addressesOf(listAccounts(site, { offering: 'Notes' }))).toEqual(['c@two.example'])
    expect(addressesOf(listAccounts(site, { offering: 'other' }))).toEqual([])
    expect([countAccounts(site), countAccounts(site, { disabled: true })]).toEqual([3, 1])
    expect([...listAccounts(site, { offering: 'notes' })][0]).toMatchObject({
      hasPassword: false,
      storepath: 'account/two.example/c.axiom',
      methods: [{ localpart: 'c', domain: 'two.example' }, further],
    })
  })

  it('takes application stores and accounts without an address for no people', () => {
    const site = newSite()
    const account = site.store.create(LoginAccount, { disabled: 0 })
    site.store.create(LoginAccount, { disabled: 0 })
    const flags = { protocol: 'email', internal: true, verified: true }
    site.store.create(LoginMethod, { localpart: 'notes', domain: null, ...flags, account })
    expect(addressesOf(listAccounts(site))).toEqual([])
    expect(addressesOf(listAccounts(site, { all: true }))).toEqual(['notes', null])
  })

  it('is empty on a store that never had an account', () => {
    using site = createSiteStore(`${temporaryDirectory()}/bare.axiom`)
    expect([...listAccounts(site)]).toEqual([])
    expect(countAccounts(site)).toBe(0)
  })
})

describe('createAccounts', () => {
  it('creates a list in batches, and says already when it is given again', async () => {
    const site = newSite()
    const requests = Array.from({ length: 25 }, (_, place) => ({
      place,
      account: { address: parseAddress(`user${place % 20}@example.com`), passwordHash: null },
    }))
    const outcomes = async () => {
      const statuses: RequestOutcome<number>['status'][] = []
      for await (const { status, place } of createAccounts(site, requests, { batch: 7 })) statuses[place] = status
      return statuses
    }
    const first = await outcomes()
    expect(first.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'created'))
    expect(first.slice(20)).toEqual(Array.from({ length: 5 }, () => 'already'))
    expect(new Set(await outcomes())).toEqual(new Set(['already']))
    expect(countAccounts(site)).toBe(20)
  })

  it('takes back the batch that fails and keeps those before', async () => {
    const site = newSite()
    let made = 0
    const prepare = () => {
      made += 1
      if (made === 15) throw new Error('the disk is full')
    }
    const requests = Array.from({ length: 20 }, (_, place) => ({
      place,
      account: { address: parseAddress(`user${place}@example.com`), passwordHash: null },
    }))
    const all = async () => {
      for await (const _ of createAccounts(site, requests, { batch: 10, prepare }));
    }
    await expect(all()).rejects.toThrow('the disk is full')
    expect(countAccounts(site)).toBe(10)
    expect(site.store.sql.all('SELECT * FROM mantissa_reservation')).toEqual([])
  })
})
