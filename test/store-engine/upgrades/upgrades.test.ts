import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  ItemUpgradeError,
  NoUpgradePathError,
  StoreTooNewError,
  UpgraderRecursionError,
} from '../../../src/store-engine/errors.js'
import { writeStoreDirectory } from '../../../src/store-engine/files/store-directory.js'
import type { TypeOnDisk } from '../../../src/store-engine/schema/schema.js'
import { Store } from '../../../src/store-engine/store.js'
import { upgradeExplicitOid } from '../../../src/store-engine/upgrades/explicit-oids.js'
import { LegacyItem } from '../../../src/store-engine/upgrades/legacy-item.js'
import { registerUpgrader } from '../../../src/store-engine/upgrades/upgrade.js'
import {
  countLegacyItems,
  missingUpgradeSteps,
  upgradeBatches,
} from '../../../src/store-engine/upgrades/upgrade-types.js'
import { differences, rawRowsBelow } from '../../support/raw-rows.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note } from '../test-items.js'
import {
  BROKEN,
  FOUNDING,
  Hilt,
  Hilt1,
  ISword,
  REJECTED,
  Relic,
  Relic1,
  Scabbard1,
  SELF_CENTRED,
  Sword,
  Sword1,
  Sword2,
  Sword9,
  storeWith,
  versionOnDisk,
} from './old-swords.js'

const upgradeAll = (store: ReturnType<typeof storeWith>, size = 2) => [...upgradeBatches(store, size)]

describe('upgraders', () => {
  it('lead through a chain that skips versions; the item keeps its storeID and what it does not say gets its default', () => {
    using store = storeWith(old => old.create(Sword1, { name: 'Excalibur', owner: old }))
    expect(store.findUnique(Sword)).toMatchObject({
      storeID: 1,
      title: 'Excalibur the 3rd',
      sharpness: 7,
      owner: store,
    })
    expect(store.sql.all('SELECT * FROM item_engine_sword_v1')).toEqual([])
    using other = storeWith(old => old.create(Sword2, { name: 'Durendal', sharpness: 3 }))
    expect(other.findUnique(Sword)).toMatchObject({ storeID: 1, title: 'Durendal the 3rd', sharpness: 3 })
    expect(other.typesOnDisk().map(({ version }) => version)).toEqual([2, 4])
  })

  it('copy attributes, give new ones their defaults, and do the rest afterwards', () => {
    using store = storeWith(old => old.create(Hilt1, { name: 'gold' }))
    expect(store.findUnique(Hilt)).toMatchObject({ name: 'gold!', weight: 5 })
  })

  it('do more in the same transaction: create, power up, change the item, delete it', () => {
    using store = storeWith(old => {
      old.create(Sword1, { name: FOUNDING })
      old.create(Sword1, { name: REJECTED })
    })
    const [sword, ...others] = store.query(Sword).toArray()
    expect(others).toEqual([])
    const [note] = store.powerupsFor(ISword) as unknown[]
    expect(note).toBe(store.findUnique(Note))
    expect(sword?.sharpness).toBe(store.findUnique(Note).storeID)
    expect(store.sql.value('SELECT type_id FROM axiom_objects WHERE oid = 2')).toBe(-1)
  })

  it('upgrade what is loaded and what is referred to, and leave the rest for later', () => {
    using store = storeWith(old => {
      const first = old.create(Sword1, { name: 'first' })
      const second = old.create(Sword1, { name: 'second', rival: first })
      old.create(Hilt1, { name: 'hilt', blade: second })
      old.create(Sword1, { name: 'third' })
    })
    expect((store.getItemById(2) as Sword).title).toBe('second the 3rd')
    expect([1, 2, 3, 4].map(storeID => versionOnDisk(store, { storeID }))).toEqual([1, 4, 1, 1])
    expect((store.getItemById(2) as Sword).rival).toMatchObject({ title: 'first the 3rd' })
    expect([1, 2, 3, 4].map(storeID => versionOnDisk(store, { storeID }))).toEqual([4, 4, 1, 1])
    expect((store.getItemById(3) as Hilt).blade).toBe(store.getItemById(2))
  })

  it('a version that is no later is refused', () => {
    expect(() => registerUpgrader({ typeName: 'x', from: 2, to: 2, upgrade: () => ({}) })).toThrow(
      /from version 2 to 2/,
    )
  })
})

describe('items that exist only to be deleted', () => {
  const filled = () =>
    storeWith(old => {
      const scabbard = old.create(Scabbard1, { name: 'leather' })
      old.powerUp(scabbard, ISword)
      old.powerUp(old.create(Note, { name: 'stays' }), ISword)
    })

  it('go when they are loaded, with their connectors, and no table is made for a version that never was', () => {
    using store = filled()
    expect(store.findItemById(1)).toBeUndefined()
    expect(store.powerupsFor(ISword)).toEqual([store.findUnique(Note)])
    expect(store.sql.pluck('SELECT powerup FROM item_axiom_powerup_connector_v1')).toEqual([3])
    expect(store.typesOnDisk().map(({ typeName, version }) => `${typeName} ${version}`)).not.toContain(
      'engine_scabbard 2',
    )
    expect(store.sql.value('SELECT type_id FROM axiom_objects WHERE oid = 1')).toBe(-1)
  })

  it('go in a batch', () => {
    using store = filled()
    expect(Object.fromEntries(countLegacyItems(store))).toEqual({ engine_scabbard: 1 })
    expect(upgradeAll(store)).toEqual([{ done: 1, failures: [] }])
    expect(store.sql.all('SELECT * FROM item_engine_scabbard_v1')).toEqual([])
  })
})

describe('a failing upgrader', () => {
  const filled = () =>
    storeWith(old => {
      for (const name of ['one', BROKEN, 'three', 'four', 'five']) old.create(Sword1, { name })
    })

  it('is named with item, type, versions and cause; all other items are upgraded', () => {
    using store = filled()
    const batches = upgradeAll(store)
    expect(batches.map(({ done }) => done)).toEqual([2, 2, 1])
    const [failure, ...others] = batches.flatMap(({ failures }) => failures) as [ItemUpgradeError]
    expect(others).toEqual([])
    expect(failure).toBeInstanceOf(ItemUpgradeError)
    expect(failure).toMatchObject({
      code: 'ITEM_UPGRADE',
      message: 'the store in memory: item 2, engine_sword from version 1 to 4: it broke',
      details: { storeID: 2, typeName: 'engine_sword', from: 1, to: 4 },
      cause: new Error('it broke'),
    })
    expect([1, 2, 3, 4, 5].map(storeID => versionOnDisk(store, { storeID }))).toEqual([4, 1, 4, 4, 4])
    expect(store.sql.all('SELECT oid, name FROM item_engine_sword_v1')).toEqual([{ oid: 2, name: BROKEN }])
  })

  it('fails whoever asks for the type or the item, and nobody else', () => {
    using store = filled()
    expect(() => store.query(Sword).count()).toThrow(ItemUpgradeError)
    expect(() => store.getItemById(2)).toThrow(/item 2, engine_sword from version 1 to 4: it broke/)
    expect((store.getItemById(3) as Sword).title).toBe('three the 3rd')
    expect(store.create(Note, { name: 'works' }).isStored).toBe(true)
  })

  it('through another item: both are as they were, and both are named', () => {
    using store = storeWith(old => {
      const broken = old.create(Sword1, { name: BROKEN })
      old.create(Sword1, { name: SELF_CENTRED, rival: broken })
    })
    expect(() => store.getItemById(2)).toThrow(/item 2, .*: .*item 1, .*: it broke/)
    expect([1, 2].map(storeID => versionOnDisk(store, { storeID }))).toEqual([1, 1])
  })

  it('that asks for its own item is told so', () => {
    using store = storeWith(old => {
      const one = old.create(Sword1, { name: SELF_CENTRED })
      one.rival = old.create(Sword1, { name: SELF_CENTRED, rival: one })
    })
    expect(() => store.getItemById(1)).toThrow(expect.objectContaining({ code: 'UPGRADER_RECURSION' }))
    const failures = upgradeAll(store).flatMap(batch => batch.failures)
    expect(failures.map(failure => [failure instanceof UpgraderRecursionError, failure.item.storeID])).toEqual([
      [true, 1],
      [true, 2],
    ])
    expect([1, 2].map(storeID => versionOnDisk(store, { storeID }))).toEqual([1, 1])
  })
})

describe('a missing path', () => {
  it('behaviour 38, our rule: stops those who ask for the type, naming every missing step; the store opens', () => {
    using store = storeWith(old => {
      old.create(Relic1, { name: 'grail' })
      old.create(Sword1, { name: 'one' })
    })
    const steps = 'engine_relic from version 2 to 3, engine_relic from version 4 to 5'
    expect(() => store.query(Relic).count()).toThrow(`the store in memory: no upgrader leads ${steps}`)
    expect(() => store.getItemById(1)).toThrow(NoUpgradePathError)
    expect(missingUpgradeSteps(store)).toEqual([
      { typeName: 'engine_relic', from: 2, to: 3 },
      { typeName: 'engine_relic', from: 4, to: 5 },
    ])
    expect(upgradeAll(store)).toEqual([{ done: 1, failures: [] }])
    expect(store.sql.all('SELECT oid, name FROM item_engine_relic_v1')).toEqual([{ oid: 1, name: 'grail' }])
  })

  it('does not matter where there are no items', () => {
    using store = storeWith(old => old.create(Relic1, { name: 'grail' }).deleteFromStore())
    expect([store.query(Relic).count(), missingUpgradeSteps(store)]).toEqual([0, []])
  })
})

it('items newer than the code are listed and carried, byte for byte, and cannot be made, loaded or upgraded', () => {
  using written = Store.inMemory()
  written.create(Sword9, { edge: 'sharp' })
  written.create(Sword9, { edge: null })
  const directory = join(temporaryDirectory(), 'newer.axiom')
  writeStoreDirectory(directory, written.serialize({ wal: false }), {})
  const before = rawRowsBelow(directory)
  expect(() => Store.open(directory)).toThrow(StoreTooNewError)
  {
    using store = Store.open(directory, { tolerateNewer: true })
    const [type] = store.typesOnDisk() as [TypeOnDisk]
    expect([...store.rowsOf(type)].map(({ values }) => values)).toEqual([{ edge: 'sharp' }, { edge: null }])
    for (const ask of [
      () => store.query(Sword).count(),
      () => store.getItemById(1),
      () => store.create(Sword, { title: 'x' }),
    ])
      expect(ask).toThrow(StoreTooNewError)
    expect([upgradeAll(store), missingUpgradeSteps(store), upgradeExplicitOid(store)]).toEqual([[], [], 0])
    store.create(Note, { name: 'beside it' })
  }
  expect(differences(before, rawRowsBelow(directory))).toEqual(['+ axiom_objects 3', '+ item_engine_note_v1 3'])
})

describe('a legacy item', () => {
  it('gives what its attributes refer to: items, the store, what cannot be made an item, nothing', () => {
    const seen: unknown[] = []
    registerUpgrader({
      typeName: 'engine_hilt',
      from: 1,
      to: 2,
      upgrade: legacy => {
        seen.push(legacy.reference('blade'), legacy.reference('blade', Sword))
        return { blade: legacy.reference('blade') }
      },
    })
    using store = storeWith(old => {
      const relic = old.create(Relic1, { name: 'grail' })
      for (const blade of [old.create(Sword1, { name: 'one' }), old, relic, null]) old.create(Hilt1, { blade })
    })
    const hilts = store.query(Hilt, { sort: Hilt.storeID.ascending }).toArray()
    const sword = store.findUnique(Sword)
    expect(seen[0]).toBe(sword)
    expect(seen[1]).toBe(sword)
    expect(seen[2]).toBe(store)
    expect(seen[4]).toBeInstanceOf(LegacyItem)
    expect(seen[4]).toMatchObject({ storeID: 1, typeName: 'engine_relic', version: 1, values: { name: 'grail' } })
    expect([seen[3], seen[5], seen[6]]).toEqual([null, null, null])
    expect(hilts.map(hilt => store.storedReference(hilt, 'blade'))).toEqual([sword.storeID, -1, 1, null])
  })
})
