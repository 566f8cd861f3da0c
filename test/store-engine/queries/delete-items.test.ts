import { afterEach, describe, expect, it } from 'vitest'
import { text } from '../../../src/store-engine/attributes/attributes.js'
import { reference } from '../../../src/store-engine/attributes/reference.js'
import { sqlTrace } from '../../../src/store-engine/database/sql-trace.js'
import { DeletionDisallowedError, ItemNotFoundError } from '../../../src/store-engine/errors.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { Store } from '../../../src/store-engine/store.js'
import { Everything, FixtureNode } from '../fixture-items.js'
import { Note, numberedNotes, Witness } from '../test-items.js'
import { Author, Book, library } from './library-items.js'

/** Keeps count of its goodbyes. */
class Stubborn extends item({
  typeName: 'query_stubborn',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text() },
}) {
  override deleteFromStore(): void {
    if (this.name !== 'stays') super.deleteFromStore()
  }
}
/** Goes with whatever it hangs on. */
class Burr extends item({
  typeName: 'query_burr',
  version: 1,
  module: 'axiom.item',
  attributes: { on: reference({ whenDeleted: 'cascade' }) },
}) {}
registerItemTypes(Stubborn, Burr)

function tombstones(store: Store): unknown {
  return store.sql.value('SELECT count(*) FROM axiom_objects WHERE type_id = -1')
}

function statementsOf(deed: () => void): string[] {
  const heard: string[] = []
  sqlTrace.listener = sql => heard.push(sql)
  deed()
  sqlTrace.listener = undefined
  return heard.filter(sql => /^(DELETE|UPDATE|SAVEPOINT)/.test(sql))
}

afterEach(() => {
  sqlTrace.listener = undefined
})

describe('deleting what a query finds', () => {
  it('takes two statements where nobody could tell, whatever the number, and leaves tombstones', () => {
    using store = numberedNotes(1000)
    expect(statementsOf(() => store.query(Note, { where: Note.name.equals('n1') }).deleteFromStore())).toHaveLength(2)
    expect([store.query(Note).count(), tombstones(store)]).toEqual([667, 333])
    expect(store.create(Note, { name: 'next' }).storeID).toBe(1001)
  })

  it('is known to items in memory at once, and is undone with the transaction', () => {
    using store = numberedNotes(3)
    const [first, second] = store.query(Note).toArray() as [Note, Note]
    first.name = 'changed'
    const undo = () =>
      store.transact(() => {
        second.name = 'pending'
        expect(store.query(Note, { where: Note.name.oneOf(['changed', 'pending']) }).deleteFromStore()).toBe(2)
        expect([first.isStored, second.isStored, store.findItemById(1)]).toEqual([false, false, undefined])
        expect(() => Object.assign(second, { name: 'x' })).toThrow(expect.objectContaining({ code: 'ITEM_GONE' }))
        throw new Error('undo')
      })
    expect(undo).toThrow('undo')
    expect([first.isStored, second.name, store.getItemById(1), tombstones(store)]).toEqual([true, 'n1', first, 0])
    store.query(Note).deleteFromStore()
    expect(first.isStored).toBe(false)
    expect(() => store.getItemById(1)).toThrow(ItemNotFoundError)
  })

  it('keeps sort, limit and offset, and meets an item once that comes several times', () => {
    using store = numberedNotes(6)
    const some = store.query(Note, { sort: Note.length.descending, limit: 2, offset: 1 })
    expect([some.deleteFromStore(), store.query(Note).column(Note.length).toArray()]).toEqual([2, [0, 1, 2, 5]])
    using books = library()
    const authors = books.query(Author, { where: Author.storeID.equals(Book.author) })
    expect([authors.count(), authors.deleteFromStore(), books.query(Author).ids()]).toEqual([3, 2, [3]])
    expect(books.query(Book).column(Book.author).toArray()).toEqual([null, null, null, null])
  })

  it('calls deleted() after the commit, and deleteFromStore() of classes that have their own', () => {
    using store = Store.inMemory()
    const witness = store.create(Witness, { name: 'w' })
    store.query(Witness).deleteFromStore()
    expect(witness.seen.slice(-1)).toEqual(['deleted'])
    for (const name of ['goes', 'stays']) store.create(Stubborn, { name })
    store.query(Stubborn).deleteFromStore()
    expect(store.query(Stubborn).column(Stubborn.name).toArray()).toEqual(['stays'])
  })

  it('behaviour 137: DISALLOW forbids all of it', () => {
    using store = Store.inMemory()
    const guarded = ['a', 'b', 'c'].map(notNone => store.create(Everything, { notNone }))
    store.create(FixtureNode, { name: 'guard', guard: guarded[2] as Everything })
    expect(() => store.query(Everything).deleteFromStore()).toThrow(DeletionDisallowedError)
    expect([guarded.map(each => each.isStored), tombstones(store)]).toEqual([[true, true, true], 0])
    expect(store.query(Everything, { limit: 2 }).deleteFromStore()).toBe(2)
  })

  it('behaviour 138: CASCADE takes the referrers along, and other items go the fast way', () => {
    using store = numberedNotes(6)
    const burr = store.create(Burr, { on: store.getItemById(2) })
    const onBurr = store.create(Burr, { on: burr })
    expect(store.query(Note, { where: Note.length.greaterThan(3) }).deleteFromStore()).toBe(2)
    expect([burr.isStored, onBurr.isStored]).toEqual([true, true])
    expect(store.query(Note).deleteFromStore()).toBe(4)
    expect([burr.isStored, onBurr.isStored, store.query(Burr).count(), tombstones(store)]).toEqual([false, false, 0, 8])
  })

  it('NULLIFY leaves the number, which then reads as null', () => {
    using store = library()
    const book = store.getItemById(4) as Book
    store.query(Author).deleteFromStore()
    expect([book.author, store.storedReference(book, 'author')]).toEqual([null, 1])
  })
})
