import { describe, expect, it, onTestFinished } from 'vitest'
import { Site } from '../../src/site/site.js'
import { Store } from '../../src/store-engine/store.js'
import '../../src/upkeep/own-item-types.js'
import { type UpgradedStore, upgradeSite } from '../../src/upkeep/upgrade-site.js'
import { BROKEN, Relic1, type Sword, Sword1 } from '../store-engine/upgrades/old-swords.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

async function upgrade(fill: (store: Store) => void, plan = false): Promise<[UpgradedStore, Store]> {
  const directory = `${temporaryDirectory()}/swords.axiom`
  {
    using store = Store.create(directory)
    fill(store)
  }
  const site = Site.open(directory)
  onTestFinished(() => site.close())
  const stores: UpgradedStore[] = []
  for await (const store of upgradeSite(site, { plan, itemsPerTransaction: 2 })) stores.push(store)
  return [stores[0] as UpgradedStore, site.store]
}

describe('a store of which something cannot be upgraded', () => {
  it('behaviour 72: tells type, storeID and versions of each item that failed, and goes on', async () => {
    const [told, store] = await upgrade(old => {
      for (const name of ['one', BROKEN, 'three', BROKEN, 'five']) old.create(Sword1, { name })
    })
    expect(told).toMatchObject({ status: 'failed', items: { engine_sword: 3 }, failed: 2 })
    expect(told.failures).toEqual(
      [2, 4].map(storeID => ({
        storeID,
        typeName: 'engine_sword',
        from: 1,
        to: 4,
        message: `${store.directory}: item ${storeID}, engine_sword from version 1 to 4: it broke`,
      })),
    )
    expect(told.error).toMatchObject({ code: 'ITEM_UPGRADE', details: { storeID: 2 } })
    expect((store.getItemById(5) as Sword).title).toBe('five the 3rd')
    expect(store.sql.pluck('SELECT oid FROM item_engine_sword_v1')).toEqual([2, 4])
  })

  it.each([true, false])(
    'behaviour 38: tells every step that is missing (only planned: %s), and goes on',
    async plan => {
      const [told, store] = await upgrade(old => {
        old.create(Relic1, { name: 'grail' })
        old.create(Sword1, { name: 'one' })
      }, plan)
      expect(told.status).toBe('failed')
      expect(told.error?.message).toBe(
        `${store.directory}: no upgrader leads engine_relic from version 2 to 3, engine_relic from version 4 to 5`,
      )
      expect(told.items).toEqual(plan ? { engine_relic: 1, engine_sword: 1 } : { engine_sword: 1 })
      expect(store.sql.all('SELECT oid, name FROM item_engine_relic_v1')).toEqual([{ oid: 1, name: 'grail' }])
    },
  )
})
