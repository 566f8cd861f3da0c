import { describe, expect, it } from 'vitest'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note, threeNotes } from '../test-items.js'

function manyNotes(store: Store, count: number): void {
  store.batchInsert(
    Note,
    Array.from({ length: count }, (_, index) => ({ name: `n${index}`, length: index })),
  )
}

describe('iterating while the store changes', () => {
  it('leaves out an item that was deleted before its turn', () => {
    using store = Store.inMemory()
    const [, b] = threeNotes(store)
    const names: string[] = []
    for (const note of store.query(Note)) {
      if (note.name === 'a') b?.deleteFromStore()
      names.push(note.name)
    }
    expect(names).toEqual(['a', 'c'])
    expect(b?.isStored).toBe(false)
  })

  it('shows an item that was changed before its turn as it is then', () => {
    using store = Store.inMemory()
    const [, b] = threeNotes(store)
    for (const note of store.query(Note)) {
      if (note.name === 'a' && b !== undefined) b.name = 'changed'
      note.length = 9
    }
    expect(b?.name).toBe('changed')
    expect([...store.query(Note)].map(note => [note.name, note.length])).toEqual([
      ['a', 9],
      ['changed', 9],
      ['c', 9],
    ])
  })

  it.each([3, 500, 501, 1200])('ends although the loop creates an item for each of %i', count => {
    using store = Store.inMemory()
    manyNotes(store, count)
    let seen = 0
    store.transact(() => {
      for (const note of store.query(Note)) {
        seen += 1
        store.create(Note, { name: `copy of ${note.name}` })
      }
    })
    expect(seen).toBe(count)
    expect(store.query(Note).count()).toBe(2 * count)
  })

  it('comes to every item once while each is deleted, over several pages', () => {
    using store = Store.inMemory()
    manyNotes(store, 1200)
    let seen = 0
    store.transact(() => {
      for (const note of store.query(Note)) {
        note.deleteFromStore()
        seen += 1
      }
    })
    expect([seen, store.query(Note).count()]).toEqual([1200, 0])
  })

  it('sorted, keeps the order that held at the beginning', () => {
    using store = Store.inMemory()
    manyNotes(store, 5)
    const lengths: (number | null)[] = []
    for (const note of store.query(Note, { sort: Note.length.descending })) {
      lengths.push(note.length)
      note.length = 100
    }
    expect(lengths).toEqual([4, 3, 2, 1, 0])
  })

  it('sorted or limited over several pages, comes to each of the beginning once and leaves out what went', () => {
    using store = Store.inMemory()
    manyNotes(store, 1300)
    const seen: (number | null)[] = []
    store.transact(() => {
      for (const note of store.query(Note, { sort: Note.length.descending, limit: 1250 })) {
        seen.push(note.length)
        store.create(Note, { name: 'new', length: 0 })
        if (note.length === 1000) store.query(Note, { where: Note.length.oneOf([999, 500, 60]) }).deleteFromStore()
        note.length = -1
      }
    })
    const expected = Array.from({ length: 1250 }, (_, index) => 1299 - index)
    expect(seen).toEqual(expected.filter(each => ![999, 500, 60].includes(each)))
  })

  it('sorted, shows an item as it is at its turn although its page was read before', () => {
    using store = Store.inMemory()
    const [, b] = threeNotes(store)
    const names: string[] = []
    for (const note of store.query(Note, { sort: Note.name.ascending })) {
      if (note.name === 'a') store.transact(() => Object.assign(b as Note, { name: 'changed' }))
      names.push(note.name)
    }
    expect(names).toEqual(['a', 'changed', 'c'])
  })

  it('does not bring back what another store object deleted', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using mine = Store.create(directory)
    using theirs = Store.open(directory)
    threeNotes(mine)
    const names: string[] = []
    for (const note of mine.query(Note)) {
      if (note.name === 'a') theirs.query(Note, { where: Note.name.equals('b') }).deleteFromStore()
      names.push(note.name)
      mine.query(Note).count()
    }
    expect(names).toEqual(['a', 'c'])
  })

  it('survives that the type itself vanishes in a rollback', () => {
    using store = Store.inMemory()
    const iterator: { current?: Iterator<Note> } = {}
    expect(() =>
      store.transact(() => {
        manyNotes(store, 3)
        iterator.current = store.query(Note)[Symbol.iterator]()
        iterator.current.next()
        throw new Error('undo')
      }),
    ).toThrow('undo')
    expect(iterator.current?.next().done).toBe(true)
  })
})
