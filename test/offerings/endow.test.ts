import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { subStoreOf } from '../../src/accounts/account-rows.js'
import { describeAccount } from '../../src/accounts/describe-account.js'
import type { LoginAccount } from '../../src/accounts/login-account.js'
import { deprive, planDeprivation } from '../../src/offerings/deprive.js'
import { endow, planEndowment } from '../../src/offerings/endow.js'
import { countEndowed, listEndowments } from '../../src/offerings/endowments.js'
import { installOffering } from '../../src/offerings/install-offering.js'
import { defineOffering } from '../../src/offerings/offering.js'
import { OfferingNotInstalledError, PowerupNotFoundError } from '../../src/offerings/offering-errors.js'
import { Installation, Product } from '../../src/offerings/product-items.js'
import { beginDeed, listDeeds } from '../../src/site/deeds.js'
import { imposeFence } from '../../src/site/fence.js'
import { Site } from '../../src/site/site.js'
import { integer } from '../../src/store-engine/attributes/attributes.js'
import { dependsOn } from '../../src/store-engine/attributes/reference.js'
import { StoreSealedError } from '../../src/store-engine/errors.js'
import { item } from '../../src/store-engine/items/item.js'
import { installedOn } from '../../src/store-engine/powerups/dependency.js'
import { defineInterface } from '../../src/store-engine/powerups/interface.js'
import type { Store } from '../../src/store-engine/store.js'
import { addUser, openNewSite } from '../support/sites.js'

const IGreeter = defineInterface('test.endow.IGreeter')

class Voice extends item({
  typeName: 'test_endow_voice',
  version: 1,
  module: 'axiom.item',
  attributes: { volume: integer({ default: 5 }) },
}) {}

class Greeter extends item({
  typeName: 'test_endow_greeter',
  version: 1,
  module: 'axiom.item',
  attributes: { greetings: integer({ default: 0 }), voice: dependsOn(() => Voice) },
  powerupInterfaces: [IGreeter],
}) {}

class Waver extends item({
  typeName: 'test_endow_waver',
  version: 1,
  module: 'axiom.item',
  attributes: { waves: integer({ default: 0 }) },
  powerupInterfaces: [IGreeter],
}) {}

const greeting = defineOffering({
  name: 'greeting',
  description: 'says hello',
  installablePowerups: [
    { name: 'greeter', description: 'says it', itemClass: Greeter },
    { name: 'waver', description: 'shows it', itemClass: Waver },
  ],
  itemTypes: [Voice],
})

async function prepared(): Promise<{ site: Site; alice: LoginAccount; store: Store }> {
  const site = await openNewSite()
  await installOffering(site, greeting)
  const alice = addUser(site, 'alice@example.com')
  return { site, alice, store: subStoreOf(alice)?.open() as Store }
}

describe('endowing', () => {
  it('behaviour 100: installs every powerup of the offering with its requirements, and records it', async () => {
    const { site, alice, store } = await prepared()
    expect(endow(site, alice, greeting)).toEqual([
      { offering: 'greeting', powerup: 'greeter', status: 'done' },
      { offering: 'greeting', powerup: 'waver', status: 'done' },
    ])
    const greeter = store.findUnique(Greeter)
    expect(store.powerupsFor(IGreeter)).toHaveLength(2)
    expect(installedOn(greeter)).toBe(store)
    expect(greeter.voice?.volume).toBe(5)
    const [first, second] = store.query(Installation)
    expect(first?.types).toEqual(['test_endow_greeter'])
    expect(first?._items).toEqual([String(greeter.storeID)])
    expect(second?.types).toEqual(['test_endow_waver'])
    const products = site.store.query(Product).toArray()
    expect(products.map(product => product.types)).toEqual([['test_endow_greeter'], ['test_endow_waver']])
    expect(listEndowments(site, alice.storeID)).toHaveLength(2)
    expect(countEndowed(site, 'greeting')).toBe(1)
    expect(listDeeds(site)).toEqual([])
  })

  it('says already the second time, and makes one product for everybody', async () => {
    const { site, alice } = await prepared()
    endow(site, alice, greeting, 'waver')
    expect(planEndowment(site, alice, greeting).map(each => each.status)).toEqual(['done', 'already'])
    expect(endow(site, alice, greeting, 'waver')).toEqual([
      { offering: 'greeting', powerup: 'waver', status: 'already' },
    ])
    endow(site, addUser(site, 'bob@example.com'), greeting, 'waver')
    expect(site.store.query(Product).count()).toBe(1)
    expect(countEndowed(site, 'greeting')).toBe(2)
  })

  it('refuses an offering that is not installed and a powerup that it does not have', async () => {
    const { site, alice } = await prepared()
    const other = defineOffering({ ...greeting, name: 'other' })
    expect(() => endow(site, alice, other)).toThrow(OfferingNotInstalledError)
    expect(() => endow(site, alice, greeting, 'singer')).toThrow(PowerupNotFoundError)
    expect(listEndowments(site, alice.storeID)).toEqual([])
  })
})

describe('depriving', () => {
  it('behaviour 100: uninstalls the powerup and its orphaned requirements, and keeps their data', async () => {
    const { site, alice, store } = await prepared()
    endow(site, alice, greeting)
    store.findUnique(Greeter).greetings = 7
    expect(planDeprivation(site, alice, greeting, 'greeter')[0]?.status).toBe('done')
    deprive(site, alice, greeting, 'greeter')
    expect(store.powerupsFor(IGreeter)).toEqual([store.findUnique(Waver)])
    expect(installedOn(store.findUnique(Voice))).toBeUndefined()
    expect(store.findUnique(Greeter).greetings).toBe(7)
    expect(store.query(Installation).count()).toBe(1)
    expect(listEndowments(site, alice.storeID)).toEqual([{ offering: 'greeting', powerup: 'waver' }])
    expect(deprive(site, alice, greeting, 'greeter')[0]?.status).toBe('already')
  })

  it('gives the old data back when the person is endowed again', async () => {
    const { site, alice, store } = await prepared()
    endow(site, alice, greeting)
    store.findUnique(Greeter).greetings = 7
    deprive(site, alice, greeting)
    endow(site, alice, greeting)
    expect(store.findUnique(Greeter).greetings).toBe(7)
    expect(store.powerupsFor(IGreeter)).toHaveLength(2)
    expect(store.query(Voice).count()).toBe(1)
  })
})

describe('interrupted', () => {
  const detail = (alice: LoginAccount) => ({
    accountId: alice.storeID,
    offering: 'greeting',
    powerup: 'waver',
    className: 'test_endow_waver',
  })

  it('forgets an endowment that died before the step in the user store', async () => {
    const { site, alice } = await prepared()
    beginDeed(site, 'offering-endow', detail(alice))
    site.close()
    using again = Site.open(site.directory)
    expect(listDeeds(again)).toEqual([])
    expect(countEndowed(again, 'greeting')).toBe(0)
    expect(again.store.query(Product).count()).toBe(0)
  })

  it('completes an endowment that died after it', async () => {
    const { site, alice } = await prepared()
    endow(site, alice, greeting, 'waver')
    site.store.transact(() => {
      site.store.sql.run('DELETE FROM mantissa_endowment')
      site.store.query(Product).deleteFromStore()
    })
    beginDeed(site, 'offering-endow', detail(alice))
    site.close()
    using again = Site.open(site.directory)
    expect(countEndowed(again, 'greeting')).toBe(1)
    expect(again.store.query(Product).count()).toBe(1)
    expect(listDeeds(again)).toEqual([])
  })

  it('completes a deprivation that died after its step', async () => {
    const { site, alice, store } = await prepared()
    endow(site, alice, greeting, 'waver')
    beginDeed(site, 'offering-deprive', detail(alice))
    store.query(Installation).deleteFromStore()
    site.close()
    using again = Site.open(site.directory)
    expect(countEndowed(again, 'greeting')).toBe(0)
    expect(listDeeds(again)).toEqual([])
  })

  it('leaves a sealed store and the site as they are', async () => {
    const { site, alice, store } = await prepared()
    imposeFence(store, { storeId: 's', epoch: 1, owner: 'o', state: 'sealed', transferId: 't', incarnation: 0 })
    expect(() => endow(site, alice, greeting)).toThrow(StoreSealedError)
    expect(countEndowed(site, 'greeting')).toBe(0)
    expect(listDeeds(site)).toEqual([])
  })
})

it.skipIf(process.platform !== 'linux')('holds no store open, of however many people', async () => {
  const site = await openNewSite()
  await installOffering(site, greeting)
  const accounts = Array.from({ length: 20 }, (_, n) => addUser(site, `user${n}@example.com`))
  const openFiles = () => readdirSync('/proc/self/fd').length
  endow(site, accounts[0] as LoginAccount, greeting)
  const before = openFiles()
  for (const account of accounts) {
    planEndowment(site, account, greeting)
    endow(site, account, greeting)
    deprive(site, account, greeting)
    describeAccount(site, account)
  }
  expect(openFiles()).toBe(before)
})
