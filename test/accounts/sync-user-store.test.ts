import { renameSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  fillUserStore,
  mergeAccountIntoUserStore,
  readAccountRecord,
  subStoreOf,
} from '../../src/accounts/account-rows.js'
import { createAccount } from '../../src/accounts/create-account.js'
import { findAccountByAddress } from '../../src/accounts/find-account.js'
import { LoginAccount } from '../../src/accounts/login-account.js'
import '../../src/accounts/recoveries.js'
import { setDisabled } from '../../src/accounts/set-disabled.js'
import { parseAddress } from '../../src/base/address.js'
import { newUlid, newUuid } from '../../src/base/ids.js'
import { listDeeds } from '../../src/site/deeds.js'
import { Site } from '../../src/site/site.js'
import { advanceTransfer, getTransfer, insertTransfer } from '../../src/site/transfers-journal.js'
import { Store } from '../../src/store-engine/store.js'
import { newSite } from './new-site.js'

const address = parseAddress('alice@example.com')

describe('changing an account', () => {
  it('is in force although the user store cannot be written, and the copy follows later', () => {
    const site = newSite()
    const account = createAccount(site, { address, passwordHash: null })
    const directory = subStoreOf(account)?.storepath ?? ''
    renameSync(directory, `${directory}.away`)
    expect(() => setDisabled(site, account, true)).toThrow(expect.objectContaining({ code: 'USER_STORE_BEHIND' }))
    expect(account.isDisabled).toBe(true)
    expect(listDeeds(site)).toMatchObject([{ kind: 'sync-user-store', error: expect.stringContaining('no such') }])
    site.close()
    using stillAway = Site.open(site.directory)
    expect(listDeeds(stillAway)).toHaveLength(1)
    stillAway.close()
    renameSync(`${directory}.away`, directory)
    using again = Site.open(site.directory)
    expect(listDeeds(again)).toEqual([])
    using userStore = Store.open(directory)
    expect(userStore.findUnique(LoginAccount).disabled).toBe(1)
    expect(findAccountByAddress(again, address)?.isDisabled).toBe(true)
  })

  it('bumps the revision of a move that is copying, and is refused from the seal on', () => {
    const site = newSite()
    const account = createAccount(site, { address, passwordHash: null })
    const id = newUlid()
    const paths = { otherSiteId: null, fromPath: null, toPath: null, fromEpoch: 0, toEpoch: 1 }
    const move = { id, role: 'source', storeId: newUuid(), accountId: account.storeID, address, plan: {} } as const
    insertTransfer(site, { ...move, ...paths, state: 'COPYING' })
    setDisabled(site, account, true)
    expect(getTransfer(site, id).revision).toBe(1)
    advanceTransfer(site, id, { from: 'COPYING', to: 'SEALED' })
    expect(() => setDisabled(site, account, false)).toThrow(expect.objectContaining({ code: 'ACCOUNT_MOVING' }))
    expect(account.isDisabled).toBe(true)
    expect(listDeeds(site)).toEqual([])
  })
})

describe('mergeAccountIntoUserStore', () => {
  const method = { localpart: 'a', domain: 'b', protocol: '*', internal: true, verified: true }
  const record = { passwordHash: 'x', disabled: false, methods: [method, { ...method, localpart: 'c' }] }

  it('keeps rows that are right, changes, adds and removes the others', () => {
    using store = Store.inMemory()
    fillUserStore(store, record)
    const wanted = {
      passwordHash: 'y',
      disabled: true,
      methods: [method, { ...method, localpart: 'C', verified: false }, { ...method, localpart: 'd' }],
    }
    const account = mergeAccountIntoUserStore(store, wanted)
    expect(readAccountRecord(store, account)).toEqual(wanted)
    expect(store.sql.all('SELECT oid FROM item_login_method_v2 ORDER BY oid')).toEqual([2, 3, 4].map(oid => ({ oid })))
    expect(readAccountRecord(store, mergeAccountIntoUserStore(store, record))).toEqual(record)
  })

  it('gives a store that has lost its account a new one, and refuses one with several', () => {
    using store = Store.inMemory()
    expect(readAccountRecord(store, mergeAccountIntoUserStore(store, record))).toEqual(record)
    store.create(LoginAccount, {})
    expect(() => mergeAccountIntoUserStore(store, record)).toThrow(
      expect.objectContaining({ code: 'NO_ACCOUNT_IN_STORE' }),
    )
  })

  it('behaviour 15: a store with an account does not take a second one, and is left as it is', () => {
    using store = Store.inMemory()
    fillUserStore(store, record)
    expect(() => store.transact(() => fillUserStore(store, record))).toThrow(
      expect.objectContaining({ code: 'STORE_HAS_ACCOUNT' }),
    )
    expect(store.query(LoginAccount).count()).toBe(1)
  })
})
