import { join } from 'node:path'
import { expect, it } from 'vitest'
import { integer } from '../../src/store-engine/attributes/attributes.js'
import { item } from '../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../src/store-engine/items/registry.js'
import { Remembered } from '../../src/store-engine/remembered.js'
import { Store } from '../../src/store-engine/store.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

class Count extends item({
  typeName: 'test_remembered_count',
  version: 1,
  module: 'axiom.item',
  attributes: { value: integer({ allowNull: false }) },
}) {}
registerItemTypes(Count)

it('asks again only when somebody has changed an item of the store', () => {
  const directory = join(temporaryDirectory(), 'a.axiom')
  using store = Store.create(directory)
  using other = Store.open(directory)
  store.create(Count, { value: 1 })
  const remembered = new Remembered<number>()
  let asked = 0
  const sum = () =>
    remembered.recall(store, 'sum', () => {
      asked += 1
      return store.query(Count).sum(Count.value)
    })
  expect([sum(), sum(), asked]).toEqual([1, 1, 1])
  other.findUnique(Count).value = 2
  expect([sum(), sum(), asked]).toEqual([2, 2, 2])
  expect(() =>
    store.transact(() => {
      store.findUnique(Count).value = 3
      expect(sum()).toBe(3)
      throw new Error('undo it')
    }),
  ).toThrow('undo it')
  expect([sum(), asked]).toEqual([2, 4])
})

it('does not remember what was asked while somebody wrote, nor that there is nothing', () => {
  const directory = join(temporaryDirectory(), 'a.axiom')
  using store = Store.create(directory)
  using other = Store.open(directory)
  const remembered = new Remembered<string>()
  const stale = remembered.recall(store, 'x', () => {
    other.create(Count, { value: 1 })
    return 'stale'
  })
  expect([stale, remembered.recall(store, 'x', () => undefined)]).toEqual(['stale', undefined])
  expect(remembered.recall(store, 'x', () => 'new')).toBe('new')
})
