import { describe, expect, it } from 'vitest'
import { boolean, integer, text } from '../../src/store-engine/attributes/attributes.js'
import { reference } from '../../src/store-engine/attributes/reference.js'
import { NotAStoreError } from '../../src/store-engine/errors.js'
import { item } from '../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../src/store-engine/items/registry.js'
import { and } from '../../src/store-engine/queries/comparison.js'
import { Store } from '../../src/store-engine/store.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

class Note extends item({
  typeName: 'test_note',
  version: 1,
  module: 'axiom.item',
  attributes: {
    name: text({ allowNull: false, indexed: true }),
    length: integer({ default: 3 }),
    pinned: boolean({ allowNull: false, default: false }),
    parent: reference(),
  },
}) {}
registerItemTypes(Note)

describe('a store', () => {
  it('keeps items across closing and opening', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    {
      using store = Store.create(directory)
      const first = store.create(Note, { name: 'one' })
      store.create(Note, { name: 'two', parent: first, pinned: true })
      expect(first.storeID).toBe(1)
    }
    using store = Store.open(directory)
    const two = store.findUnique(Note, Note.name.equals('TWO'))
    expect([two.name, two.length, two.pinned]).toEqual(['two', 3, true])
    expect((two.parent as Note).name).toBe('one')
    expect(store.query(Note, { where: and(Note.pinned.equals(true), Note.length.greaterThan(1)) }).count()).toBe(1)
  })

  it('undoes a nested transaction that failed and keeps the outer one', () => {
    using store = Store.inMemory()
    const note = store.create(Note, { name: 'a' })
    store.transact(() => {
      note.length = 7
      expect(() =>
        store.transact(() => {
          note.length = 8
          store.create(Note, { name: 'b' })
          throw new Error('inner')
        }),
      ).toThrow('inner')
      expect(note.length).toBe(7)
    })
    expect(note.length).toBe(7)
    expect(store.query(Note).toArray()).toEqual([note])
  })

  it('is not made of bytes that are no database', () => {
    for (const bytes of ['', 'too short', 'x'.repeat(5000)])
      expect(() => Store.fromImage(Buffer.from(bytes))).toThrow(NotAStoreError)
  })

  it('shows what another store object on the same file wrote', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using one = Store.create(directory)
    using two = Store.open(directory)
    const mine = one.create(Note, { name: 'x' })
    const theirs = two.findUnique(Note)
    theirs.name = 'y'
    one.transact(() => expect(mine.name).toBe('y'))
  })
})
