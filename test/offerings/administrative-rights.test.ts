import { beforeEach, describe, expect, it } from 'vitest'
import { subStoreOf } from '../../src/accounts/account-rows.js'
import { createAccount } from '../../src/accounts/create-account.js'
import { getAccountByAddress } from '../../src/accounts/find-account.js'
import type { LoginAccount } from '../../src/accounts/login-account.js'
import { removeAccount } from '../../src/accounts/remove-account.js'
import { setDisabled } from '../../src/accounts/set-disabled.js'
import { parseAddress, parseExistingAddress } from '../../src/base/address.js'
import {
  administrativeRights,
  grantAdministration,
  revokeAdministration,
  standingOf,
  wouldChangeAdministration,
} from '../../src/offerings/administrative-rights.js'
import { makeAdministrator, unmakeAdministrator } from '../../src/offerings/administrator.js'
import { LocalUserBrowser, OfferingConfiguration } from '../../src/offerings/site-items/administration.js'
import { PrivateApplication } from '../../src/offerings/site-items/private-application.js'
import { changeFence, ensureFence } from '../../src/site/fence.js'
import { rightsWithheld } from '../../src/site/rights-withheld.js'
import type { Site } from '../../src/site/site.js'
import { StoreSealedError } from '../../src/store-engine/errors.js'
import { installedOn, installOn } from '../../src/store-engine/powerups/dependency.js'
import { Store } from '../../src/store-engine/store.js'
import { importUser } from '../../src/transfer/arriving/import-user.js'
import { planImport } from '../../src/transfer/arriving/plan-import.js'
import { exportUser } from '../../src/transfer/leaving/export-user.js'
import { transferUser } from '../../src/transfer/transfer-user.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { newSite } from '../transfer/two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const ALL = ['offerings', 'ports', 'products', 'users']

let site: Site

beforeEach(() => {
  site = newSite()
})

const enrol = (site: Site, prepare?: (store: Store) => unknown): LoginAccount =>
  createAccount(
    site,
    { address: parseAddress('alice@example.com'), passwordHash: null },
    prepare === undefined ? {} : { prepare: store => void prepare(store) },
  )

const inStore = <T>(account: LoginAccount, work: (store: Store) => T): T => subStoreOf(account)?.use(work) as T
const alice = (at: Site): LoginAccount => getAccountByAddress(at, ALICE)
const rightsOf = (at: Site): readonly string[] =>
  inStore(alice(at), store => [...administrativeRights(at, alice(at), store)].sort())
const standing = (at: Site): string => inStore(alice(at), store => standingOf(at, alice(at), store))

describe('somebody who was made here', () => {
  it('is an administrator by the powerups of the store, and of what they say', () => {
    enrol(site)
    expect([rightsOf(site), standing(site)]).toEqual([[], 'no'])
    inStore(alice(site), store => installOn(store.create(LocalUserBrowser, {}), store))
    expect([rightsOf(site), standing(site)]).toEqual([['users'], 'partly'])
    expect(grantAdministration(site, alice(site))).toBe(true)
    expect([rightsOf(site), standing(site)]).toEqual([ALL, 'yes'])
    expect(inStore(alice(site), store => store.query(LocalUserBrowser).count())).toBe(1)
    expect(grantAdministration(site, alice(site))).toBe(false)
  })

  it('is none by an item that is not installed', () => {
    enrol(site, store => store.create(OfferingConfiguration, {}))
    expect(rightsOf(site)).toEqual([])
  })

  it('is none while the account is disabled', () => {
    setDisabled(site, enrol(site, makeAdministrator), true)
    expect([rightsOf(site), standing(site)]).toEqual([[], 'yes'])
  })

  it('is deprived of the rights, keeps the private pages, and may be given them again', () => {
    enrol(site, store => installOn(store.create(LocalUserBrowser, {}), store))
    expect(wouldChangeAdministration(site, alice(site), false)).toBe(true)
    expect(revokeAdministration(site, alice(site))).toBe(true)
    expect([rightsOf(site), standing(site)]).toEqual([[], 'no'])
    inStore(alice(site), store => expect(installedOn(store.findUnique(PrivateApplication))).toBe(store))
    expect(revokeAdministration(site, alice(site))).toBe(false)
    expect(wouldChangeAdministration(site, alice(site), true)).toBe(true)
    expect(grantAdministration(site, alice(site))).toBe(true)
    expect([rightsOf(site), standing(site)]).toEqual([ALL, 'yes'])
    expect(wouldChangeAdministration(site, alice(site), true)).toBe(false)
  })

  it('is none as soon as it is said, also when the store cannot be written', () => {
    enrol(site, makeAdministrator)
    inStore(alice(site), store => {
      ensureFence(store, 'x')
      changeFence(store, {}, { state: 'sealed', transferId: 'y' })
    })
    expect(() => revokeAdministration(site, alice(site))).toThrow(StoreSealedError)
    expect([rightsOf(site), standing(site)]).toEqual([[], 'not here'])
  })
})

describe('somebody who comes from elsewhere', () => {
  it('by a transfer is none here until somebody says so, and what they say stays here', async () => {
    enrol(site, makeAdministrator)
    const other = newSite('other.axiom')
    await transferUser(site, ALICE, { to: other })
    expect([rightsOf(other), standing(other)]).toEqual([[], 'not here'])
    expect(grantAdministration(other, alice(other))).toBe(true)
    expect([rightsOf(other), standing(other)]).toEqual([ALL, 'yes'])
    await transferUser(other, ALICE, { to: site })
    expect([rightsOf(site), standing(site)]).toEqual([[], 'not here'])
  })

  it('by an archive to which they have added rows is none', async () => {
    enrol(site)
    const to = { kind: 'directory', directory: temporaryDirectory() } as const
    const directory = (await exportUser(site, ALICE, { to })).path as string
    removeAccount(site, alice(site))
    using store = Store.open(directory)
    store.transact(() => makeAdministrator(store), { ignoreFence: true })
    store.close()
    const from = { kind: 'directory', directory } as const
    const hint = expect.stringContaining('mantissa usermod alice@example.com --admin')
    expect(await planImport(site, from)).toMatchObject({ warnings: [hint] })
    expect(await importUser(site, from)).toMatchObject({ warnings: [hint] })
    expect([rightsOf(site), standing(site)]).toEqual([[], 'not here'])
  })

  it('by way of an address and a number that were an administrator’s is none', async () => {
    enrol(site, makeAdministrator)
    const id = alice(site).storeID
    expect(rightsOf(site)).toEqual(ALL)
    removeAccount(site, alice(site))
    const other = newSite('other.axiom')
    enrol(other, makeAdministrator)
    await transferUser(other, ALICE, { to: site })
    expect([rightsOf(site), standing(site)]).toEqual([[], 'not here'])
    removeAccount(site, alice(site))
    expect(rightsWithheld(site, id)).toBeUndefined()
    expect(site.store.sql.value('SELECT count(*) FROM mantissa_rights_withheld')).toBe(0)
  })

  it('and gains the powerups only here, later, is none by that either', async () => {
    const other = newSite('other.axiom')
    enrol(other)
    await transferUser(other, ALICE, { to: site })
    inStore(alice(site), makeAdministrator)
    expect(rightsOf(site)).toEqual([])
  })
})

it('a site of a time before marks, open for reading only, keeps its administrators', async () => {
  enrol(site, makeAdministrator)
  site.store.transact(() => site.store.sql.exec('DROP TABLE mantissa_rights_withheld'))
  expect([rightsOf(site), standing(site)]).toEqual([ALL, 'yes'])
  inStore(alice(site), unmakeAdministrator)
  expect(standing(site)).toBe('no')
})
