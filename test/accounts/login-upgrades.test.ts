import { describe, expect, it } from 'vitest'
import { readAccountRecord, subStoreOf } from '../../src/accounts/account-rows.js'
import { authenticate } from '../../src/accounts/authenticate.js'
import { findAccountByAddress } from '../../src/accounts/find-account.js'
import { listAccounts } from '../../src/accounts/list-accounts.js'
import { LoginAccount } from '../../src/accounts/login-account.js'
import { getLoginMethods } from '../../src/accounts/login-methods.js'
import { Site } from '../../src/site/site.js'
import type { Store } from '../../src/store-engine/store.js'
import { cloneHistoric, hasHistoricFixtures, withoutHistoric } from '../support/historic-fixtures.js'

const test = { localpart: 'test', domain: 'example.com' }

describe.skipIf(!hasHistoricFixtures)(`accounts of older versions${withoutHistoric}`, () => {
  it('behaviour 32: an account of version 1 gains login methods in both stores', async () => {
    using site = Site.open(cloneHistoric('account1to2'))
    const account = findAccountByAddress(site, test) as LoginAccount
    const methods = [{ ...test, protocol: 'email', internal: false, verified: true }]
    expect(readAccountRecord(site, account).methods).toEqual(methods)
    using userStore = subStoreOf(account)?.open() as Store
    const copy = userStore.findUnique(LoginAccount)
    expect(copy.avatars).toBe(userStore)
    expect(readAccountRecord(userStore, copy).methods).toEqual(methods)
    expect((await authenticate(site, 'test@example.com', 'asdf')).storeID).toBe(account.storeID)
  })

  it('behaviour 30: an account of version 2 gets a hash that its password matches', async () => {
    using site = Site.open(cloneHistoric('loginMethod1to2'))
    const account = await authenticate(site, 'test@example.com', 'secret')
    expect(account.passwordHash).toMatch(/^\$argon2id\$v=19\$m=102400,t=2,p=8\$/)
    await expect(authenticate(site, 'test@example.com', 'other')).rejects.toThrow('wrong address or password')
  })

  it('behaviour 31: the plain password is gone, from the old table too', () => {
    using site = Site.open(cloneHistoric('loginMethod1to2'))
    const account = findAccountByAddress(site, test)
    expect(account?.password).toBeNull()
    expect(site.store.sql.all('SELECT * FROM item_login_v2')).toEqual([])
  })

  it('keeps login methods of version 1', () => {
    using site = Site.open(cloneHistoric('loginMethod1to2'))
    expect(getLoginMethods(site.store).map(method => method.address)).toEqual(['test@example.com'])
    expect(site.store.sql.all('SELECT * FROM item_login_method_v1')).toEqual([])
  })

  it('upgrades the copies in the user store, and lists the account', () => {
    using site = Site.open(cloneHistoric('privateApplication3to4'))
    const [row, ...others] = listAccounts(site)
    expect(others).toEqual([])
    expect(row).toMatchObject({ address: 'testuser@localhost', disabled: false })
    const account = findAccountByAddress(site, { localpart: 'testuser', domain: 'localhost' }) as LoginAccount
    using userStore = subStoreOf(account)?.open() as Store
    expect(userStore.findUnique(LoginAccount).password).toBeNull()
  })
})
