import { readdirSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { text } from '../../../src/store-engine/attributes/attributes.js'
import { reference } from '../../../src/store-engine/attributes/reference.js'
import type { Initial } from '../../../src/store-engine/items/initial.js'
import { type Item, item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import type { TypeOnDisk } from '../../../src/store-engine/schema/schema.js'
import { Store } from '../../../src/store-engine/store.js'
import { HISTORIC, hasHistoricFixtures, withoutHistoric } from '../../support/historic-fixtures.js'
import '../all-item-types.js'
import { classFromDisk, leastAttributes } from '../class-from-disk.js'
import { archives, hashOf, onlyIn, rawRows, unpack } from '../historic-archives.js'
import { Note } from '../test-items.js'

describe.skipIf(!hasHistoricFixtures)(`stores of older formats${withoutHistoric}`, () => {
  it.each(archives)('%s opens, its rows can be listed, and opening writes nothing', archive => {
    for (const directory of unpack(archive)) {
      const [before, raw] = [hashOf(directory), rawRows(directory)]
      for (const readonly of [true, false]) {
        using store = Store.open(directory, { readonly })
        for (const type of store.typesOnDisk()) assertSameRows(store, type, raw)
      }
      expect(hashOf(directory), directory).toBe(before)
      expect(readdirSync(directory).filter(name => name.startsWith('db.sqlite-'))).toEqual([])
    }
  })

  it.each(archives)(
    '%s is written correctly: items made, changed and deleted; all other rows and storeIDs stay',
    archive => {
      for (const directory of unpack(archive)) {
        const before = rawRows(directory)
        const { touched, made } = writeInto(directory, before)
        const after = rawRows(directory)
        expect(
          onlyIn(before, after).filter(key => !touched.includes(key)),
          relative(HISTORIC, directory),
        ).toEqual([])
        using store = Store.open(directory)
        expect(store.getItemById(made.note)).toMatchObject({ name: 'new' })
        const objects = store.sql.value<string>("SELECT sql FROM sqlite_master WHERE name = 'axiom_objects'") ?? ''
        expect(objects).not.toMatch(/oid INTEGER|AUTOINCREMENT/i)
      }
    },
  )

  it('behaviour 49: text lists from before the guard still load, generically and typed', () => {
    const [directory = ''] = unpack('textlist.axiom.tar.gz')
    using store = Store.open(directory)
    const [type] = store.typesOnDisk() as [TypeOnDisk]
    const lists = [...store.rowsOf(type)].map(row => row.values['attribute'])
    expect(lists).toEqual([['foo', 'bar']])
    const typed = store.query(classFromDisk(type)).toArray() as (Item & { attribute: readonly string[] })[]
    expect(typed.map(each => each.attribute)).toEqual(lists)
    const [first] = typed
    if (first !== undefined) first.attribute = []
    expect(store.sql.value('SELECT hex(attribute) FROM item_axiom_textlist_dummy_v1')).toBe('02')
  })

  it('an old store with foreign keys on would refuse every deletion: the engine has them off', () => {
    const [directory = ''] = unpack('storeID.axiom.tar.gz')
    using store = Store.open(directory)
    const [type] = store.typesOnDisk() as [TypeOnDisk]
    const [first] = store.query(classFromDisk(type)).toArray()
    const last = Number(store.sql.value('SELECT max(rowid) FROM axiom_objects'))
    first?.deleteFromStore()
    expect(store.sql.value('SELECT type_id FROM axiom_objects WHERE rowid = ?', first?.storeID ?? 0)).toBe(-1)
    expect(store.create(Note, { name: 'x' }).storeID).toBe(last + 1)
  })

  it('items of an old version to which no upgrader leads stop those who ask for them, and nobody else', () => {
    class Newer extends item({
      typeName: 'axiom_storeid_dummy',
      version: 2,
      module: 'axiom.item',
      attributes: { attribute: text({ allowNull: false }), follows: reference({ whenDeleted: 'cascade' }) },
    }) {}
    registerItemTypes(Newer)
    const [directory = ''] = unpack('storeID.axiom.tar.gz')
    using store = Store.open(directory)
    const [old, other] = store.typesOnDisk() as [TypeOnDisk, TypeOnDisk]
    const ids = [...store.rowsOf(old)].map(row => row.storeID)
    expect(() => store.query(Newer).count()).toThrow(/leads axiom_storeid_dummy from version 1 to 2/)
    expect(() => store.getItemById(ids[0] ?? 0)).toThrow(expect.objectContaining({ code: 'NO_UPGRADE_PATH' }))
    expect(() => store.create(Newer, { attribute: 'x' })).toThrow(expect.objectContaining({ code: 'NO_UPGRADE_PATH' }))
    store.query(classFromDisk(other)).deleteFromStore()
    expect([[...store.rowsOf(old)].map(row => row.storeID), store.countOf(other)]).toEqual([ids, 0])
  })
})

function assertSameRows(store: Store, type: TypeOnDisk, raw: Map<string, unknown>): void {
  const rows = [...store.rowsOf(type)]
  const mine = [...raw].filter(([key]) => key.startsWith(`${type.table} `))
  expect(rows.map(row => `${type.table} ${row.storeID}`)).toEqual(mine.map(([key]) => key))
  expect(store.countOf(type)).toBe(rows.length)
  for (const { storeID, values } of rows) {
    const row = raw.get(`${type.table} ${storeID}`) as Record<string, unknown>
    for (const { name, kind } of type.attributes)
      if (['integer', 'text', 'reference', 'path'].includes(kind))
        expect(String(values[name]), `${type.typeName}.${name}`).toBe(String(row[name]))
  }
}

/** Makes, changes and deletes; returns the keys of the rows that may differ afterwards. */
function writeInto(directory: string, before: Map<string, unknown>): { touched: string[]; made: { note: number } } {
  using store = Store.open(directory)
  const last = Math.max(
    0,
    ...[...before.keys()].flatMap(key => (key.startsWith('axiom_objects ') ? [Number(key.slice(14))] : [])),
  )
  const note = store.create(Note, { name: 'new' }).storeID
  expect(note).toBe(last + 1)
  // Nothing refers to a powerup connector; elsewhere the first type is as good as any.
  const filled = store.typesOnDisk().filter(each => store.countOf(each) > 0 && each.typeName !== 'engine_note')
  const type = filled.find(each => each.typeName === 'axiom_powerup_connector') ?? (filled[0] as TypeOnDisk)
  const known = classFromDisk(type)
  const made = store.create(known, leastAttributes(type) as Initial<typeof known>)
  expect(made.storeID).toBe(last + 2)
  const [victim] = store.query(known)
  victim?.deleteFromStore()
  expect(store.findItemById(victim?.storeID ?? 0)).toBeUndefined()
  const again = store.query(known).toArray().at(-1)
  expect(again).toBe(made)
  expect(store.create(Note, { name: 'newer' }).storeID).toBe(last + 3)
  return { touched: [`${type.table} ${victim?.storeID}`, `axiom_objects ${victim?.storeID}`], made: { note } }
}
