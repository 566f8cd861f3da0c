import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readAccountRecord, subStoreOf } from '../../src/accounts/account-rows.js'
import { createAccount } from '../../src/accounts/create-account.js'
import { findAccountByAddress, getAccountByAddress } from '../../src/accounts/find-account.js'
import { LoginAccount } from '../../src/accounts/login-account.js'
import { LoginMethod } from '../../src/accounts/login-method.js'
import { parseAddress } from '../../src/base/address.js'
import { listDeeds } from '../../src/site/deeds.js'
import { reserve } from '../../src/site/reservations.js'
import { createSiteStore } from '../../src/site/site.js'
import { recordTombstone } from '../../src/site/tombstones.js'
import type { Store } from '../../src/store-engine/store.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { newSite } from './new-site.js'

const alice = parseAddress('alice@example.com')

function objects(store: Store): readonly [number, string][] {
  const rows = store.sql.all<{ oid: number; typename: string }>(
    'SELECT o.oid, t.typename FROM axiom_objects o JOIN axiom_types t ON t.oid = o.type_id ORDER BY o.oid',
  )
  return rows.map(row => [row.oid, row.typename])
}

describe('createAccount', () => {
  it('writes the objects that the original writes, in its order', () => {
    const site = newSite()
    const account = createAccount(site, { address: alice, passwordHash: null })
    expect(objects(site.store)).toEqual([
      [1, 'login_system'],
      [2, 'axiom_dependency__dependencyconnector'],
      [3, 'axiom_powerup_connector'],
      [4, 'axiom_powerup_connector'],
      [5, 'substore'],
      [6, 'login'],
      [7, 'login_method'],
    ])
    expect(site.store.sql.all('SELECT * FROM item_axiom_powerup_connector_v1 ORDER BY oid')).toEqual([
      { oid: 3, interface: 'twisted.cred.checkers.ICredentialsChecker', item: -1, powerup: 1, priority: 0 },
      { oid: 4, interface: 'twisted.cred.portal.IRealm', item: -1, powerup: 1, priority: 0 },
    ])
    expect(site.store.sql.all('SELECT * FROM item_axiom_dependency__dependencyconnector_v1')).toEqual([
      { oid: 2, explicitlyInstalled: 1, installee: 1, target: -1 },
    ])
    expect(site.store.sql.all('SELECT * FROM item_substore_v1')).toEqual([
      { oid: 5, storepath: 'account/example.com/alice.axiom' },
    ])
    const userStore = subStoreOf(account)?.open() as Store
    expect(objects(userStore)).toEqual([
      [1, 'login'],
      [2, 'login_method'],
    ])
    expect(userStore.sql.all('SELECT * FROM item_login_v3')).toEqual([
      { oid: 1, avatars: -1, disabled: 0, password: null, passwordHash: null },
    ])
    expect(userStore.sql.all('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    userStore.close()
  })

  it('leaves the four entries of a store and nothing in temp', () => {
    const site = newSite()
    createAccount(site, { address: alice, passwordHash: null })
    const directory = join(site.directory, 'files/account/example.com/alice.axiom')
    expect(readdirSync(directory).sort()).toEqual(['db.sqlite', 'files', 'run', 'temp'])
    expect(readdirSync(join(site.directory, 'temp'))).toEqual([])
    expect(listDeeds(site)).toEqual([])
  })

  it('behaviour 10: the login methods of site and user store are identical after creation', () => {
    const site = newSite()
    const further = { localpart: 'al', domain: 'example.org', protocol: 'sip', internal: false, verified: false }
    const account = createAccount(site, { address: alice, passwordHash: null, furtherMethods: [further] })
    using userStore = subStoreOf(account)?.open() as Store
    const copy = readAccountRecord(userStore, userStore.findUnique(LoginAccount))
    expect(copy).toEqual(readAccountRecord(site, account))
    expect(copy.methods).toEqual([
      { localpart: 'alice', domain: 'example.com', protocol: 'email', internal: true, verified: true },
      further,
    ])
  })

  it('refuses a name in another letter case, of a disabled account, over every method', () => {
    const site = newSite()
    const further = { localpart: 'al', domain: 'example.org', protocol: 'sip', internal: false, verified: false }
    createAccount(site, { address: alice, passwordHash: null, disabled: true, furtherMethods: [further] })
    for (const name of ['ALICE@Example.COM', 'AL@example.org']) {
      const attempt = () => createAccount(site, { address: parseAddress(name), passwordHash: null })
      expect(attempt).toThrow(expect.objectContaining({ code: 'ADDRESS_TAKEN' }))
    }
    expect(site.store.query(LoginAccount).count()).toBe(1)
    expect(readdirSync(join(site.directory, 'files/account/example.com'))).toEqual(['alice.axiom'])
  })

  it('refuses reserved names, and moved ones unless they may be reused', () => {
    const site = newSite()
    const bob = parseAddress('bob@example.com')
    site.store.transact(() => {
      reserve(site, 'somebody', { addresses: [alice] })
      const stone = { storeId: 'x', epoch: 1, targetPath: '/other', targetSiteId: null, publicUrl: null }
      recordTombstone(site, bob, { ...stone, transferId: null })
    })
    expect(() => createAccount(site, { address: alice, passwordHash: null })).toThrow('just now')
    expect(() => createAccount(site, { address: bob, passwordHash: null })).toThrow(
      expect.objectContaining({ code: 'ADDRESS_MOVED' }),
    )
    expect(() => getAccountByAddress(site, bob)).toThrow(expect.objectContaining({ code: 'MOVED' }))
    createAccount(site, { address: bob, passwordHash: null }, { reuseNames: true })
    expect(findAccountByAddress(site, bob)).toBeDefined()
  })

  it('gives a store another directory where its own is taken', () => {
    const site = newSite()
    mkdirSync(join(site.directory, 'files/account/example.com/alice.axiom'), { recursive: true })
    const account = createAccount(site, { address: alice, passwordHash: null })
    expect(subStoreOf(account)?.storepath).toBe(join(site.directory, 'files/account/example.com/alice~2.axiom'))
  })

  it('leaves nothing when the stores cannot be written', () => {
    const site = newSite()
    const prepare = () => {
      throw new Error('no luck')
    }
    expect(() => createAccount(site, { address: alice, passwordHash: null }, { prepare })).toThrow('no luck')
    expect(findAccountByAddress(site, alice)).toBeUndefined()
    expect(existsSync(join(site.directory, 'files/account/example.com/alice.axiom'))).toBe(false)
    expect(readdirSync(join(site.directory, 'temp'))).toEqual([])
    createAccount(site, { address: alice, passwordHash: null })
    expect(site.store.query(LoginMethod).count()).toBe(1)
  })

  it('refuses a site without login system and creates none', () => {
    using site = createSiteStore(join(temporaryDirectory(), 'bare.axiom'))
    const attempt = () => createAccount(site, { address: alice, passwordHash: null })
    expect(attempt).toThrow(expect.objectContaining({ code: 'NO_LOGIN_SYSTEM' }))
    expect(listDeeds(site)).toEqual([])
  })
})
