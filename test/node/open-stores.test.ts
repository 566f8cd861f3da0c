import { readdirSync, renameSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { subStoreOf } from '../../src/accounts/account-rows.js'
import type { LoginAccount } from '../../src/accounts/login-account.js'
import { LoginMethod } from '../../src/accounts/login-method.js'
import { removeAccount } from '../../src/accounts/remove-account.js'
import { OpenStores } from '../../src/node/open-stores.js'
import { changeFence, ensureFence } from '../../src/site/fence.js'
import type { Site } from '../../src/site/site.js'
import { StoreSealedError } from '../../src/store-engine/errors.js'
import { newSite } from '../accounts/new-site.js'
import { addUser } from '../support/sites.js'

function addUsers(site: Site, count: number): LoginAccount[] {
  return Array.from({ length: count }, (_each, index) => addUser(site, `user${index}@example.com`))
}

const descriptors = (): number => readdirSync('/proc/self/fd').length

describe('stores that stay open', () => {
  it('are as many as were wished, whatever the order, and leak no descriptor', () => {
    const site = newSite()
    const accounts = addUsers(site, 12)
    const before = descriptors()
    using stores = new OpenStores(4)
    for (let round = 0; round < 100; round += 1) {
      const account = accounts[(round * 7) % accounts.length]
      if (account === undefined) continue
      expect(stores.use(account, store => store.query(LoginMethod).count())).toBe(1)
      expect(stores.count).toBeLessThanOrEqual(4)
    }
    expect(descriptors() - before).toBeLessThanOrEqual(4 * 4)
    stores[Symbol.dispose]()
    expect(descriptors()).toBe(before)
    expect(stores.statistics.uses).toBe(100)
  })

  it('are used again without being opened, and the one used longest ago goes first', () => {
    const site = newSite()
    const [a, b, c] = addUsers(site, 3) as [LoginAccount, LoginAccount, LoginAccount]
    using stores = new OpenStores(2)
    for (const account of [a, b, a, a, c, a]) stores.use(account, () => {})
    expect(stores.statistics).toEqual({ opens: 3, uses: 6 })
    stores.use(b, () => {})
    expect(stores.statistics.opens).toBe(4)
  })

  it('are not closed under the hands of who works with them', () => {
    const site = newSite()
    const [a, b, c] = addUsers(site, 3) as [LoginAccount, LoginAccount, LoginAccount]
    using stores = new OpenStores(1)
    const addresses = stores.use(a, ofA => {
      const other = stores.use(b, ofB => ofB.findUnique(LoginMethod).localpart)
      return [ofA.findUnique(LoginMethod).localpart, other]
    })
    expect(addresses).toEqual(['user0', 'user1'])
    stores.use(c, () => {})
    expect(stores.count).toBe(1)
  })

  it('may be kept open for longer than their turn', () => {
    const site = newSite()
    const [a, b, c] = addUsers(site, 3) as [LoginAccount, LoginAccount, LoginAccount]
    using stores = new OpenStores(1)
    const subStore = subStoreOf(a)
    if (subStore === undefined) throw new Error('no store')
    const kept = stores.keep(subStore)
    for (const account of [b, c, b]) stores.use(account, () => {})
    expect(kept.isClosed).toBe(false)
    stores.letGo(subStore)
    stores.use(c, () => {})
    expect(kept.isClosed).toBe(true)
  })
})

describe('a store that others change', () => {
  it('is not served any more when its account was removed', () => {
    const site = newSite()
    const [account] = addUsers(site, 1) as [LoginAccount]
    using stores = new OpenStores()
    stores.use(account, () => {})
    removeAccount(site, account)
    expect(() => stores.use(account, () => 'served')).toThrow(expect.objectContaining({ code: 'NO_STORE' }))
    expect([stores.closeGone(), stores.count]).toEqual([1, 0])
  })

  it('is opened anew when its directory was replaced by another, and an error when it is gone', () => {
    const site = newSite()
    const [a, b] = addUsers(site, 2) as [LoginAccount, LoginAccount]
    const [ofA, ofB] = [a, b].map(each => String(subStoreOf(each)?.storepath)) as [string, string]
    using stores = new OpenStores()
    const nameIn = (account: LoginAccount) => stores.use(account, store => store.findUnique(LoginMethod).localpart)
    expect(nameIn(a)).toBe('user0')
    renameSync(ofA, `${ofA}.away`)
    renameSync(ofB, ofA)
    expect(nameIn(a)).toBe('user1')
    renameSync(ofA, ofB)
    expect(() => nameIn(a)).toThrow(expect.objectContaining({ code: 'NOT_A_STORE' }))
    expect(stores.count).toBe(0)
  })

  it('can be read and not written while it is sealed', () => {
    const site = newSite()
    const [account] = addUsers(site, 1) as [LoginAccount]
    using stores = new OpenStores()
    stores.use(account, store => {
      const fence = ensureFence(store, 'somebody')
      changeFence(store, fence, { state: 'sealed' })
    })
    expect(stores.use(account, store => store.query(LoginMethod).count())).toBe(1)
    const write = () => stores.use(account, store => store.transact(() => store.query(LoginMethod).deleteFromStore()))
    expect(write).toThrow(StoreSealedError)
  })
})
