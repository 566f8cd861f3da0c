import { describe, expect, it } from 'vitest'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note, threeNotes } from '../test-items.js'

describe('making tables', () => {
  it('behaviour 60: two openers may create the same type without conflict', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using one = Store.create(directory)
    using two = Store.open(directory)
    expect([one.query(Note).count(), two.query(Note).count()]).toEqual([0, 0])
    one.create(Note, { name: 'one' })
    two.create(Note, { name: 'two' })
    expect(
      one
        .query(Note)
        .toArray()
        .map(note => note.name),
    ).toEqual(['one', 'two'])
    expect(one.sql.value("SELECT count(*) FROM axiom_types WHERE typename = 'engine_note'")).toBe(1)
  })

  it('a type that another opener has made is known by the storeID of its first item', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using one = Store.create(directory)
    using two = Store.open(directory)
    const { storeID } = two.create(Note, { name: 'two' })
    expect([one.typeNameOf(storeID), one.findTypeOf(storeID)?.version]).toEqual(['engine_note', 1])
    expect([one.typeNameOf(storeID + 1), one.typeNameOf(null)]).toEqual([undefined, undefined])
  })

  it('behaviour 61: tables made in a reverted transaction vanish, from memory too', () => {
    using store = Store.inMemory()
    const undo = () =>
      store.transact(() => {
        threeNotes(store)
        throw new Error('undo')
      })
    expect(undo).toThrow('undo')
    expect(store.typesOnDisk()).toEqual([])
    expect(store.sql.value("SELECT count(*) FROM sqlite_master WHERE name LIKE '%engine_note%'")).toBe(0)
    expect(store.query(Note).count()).toBe(0)
    expect(threeNotes(store).map(note => note.storeID)).toEqual([1, 2, 3])
  })

  it('behaviour 61: the same for a savepoint inside a transaction that goes on', () => {
    using store = Store.inMemory()
    store.transact(() => {
      expect(() =>
        store.transact(() => {
          threeNotes(store)
          throw new Error('inner')
        }),
      ).toThrow('inner')
      expect(store.query(Note).count()).toBe(0)
      store.create(Note, { name: 'kept' })
    })
    expect(store.query(Note).count()).toBe(1)
  })
})
