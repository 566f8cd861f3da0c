import { describe, expect, it } from 'vitest'
import { IntegrityError } from '../../../src/base/errors.js'
import { Decimal } from '../../../src/store-engine/attributes/decimal.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { Store } from '../../../src/store-engine/store.js'
import { Everything } from '../fixture-items.js'
import { Note, numberedNotes } from '../test-items.js'
import { Author, Book, library } from './library-items.js'

describe('the columns of a query', () => {
  it('give their values row by row, null where there is none, references as items', () => {
    using store = library()
    const books = store.query(Book, { sort: Book.title.ascending })
    expect(books.column(Book.pages).toArray()).toEqual([301, 100, 100, null])
    expect(books.column(Book.author).toArray()).toEqual(
      [1, 1, 2].map(each => store.getItemById(each)).concat(null as never),
    )
    expect([...books.columns(Book.title, Book.pages)]).toEqual([
      ['Ada by Ada', 301],
      ['Algebra', 100],
      ['Bees', 100],
      ['Sagas', null],
    ])
    expect([...store.query(Note).column(Note.name)]).toEqual([])
  })

  it('count what is not null, and each value once', () => {
    using store = library()
    const pages = store.query(Book).column(Book.pages)
    expect([pages.count(), pages.distinct().count(), pages.distinct().toArray()]).toEqual([3, 2, [100, 301, null]])
    const pairs = store.query(Book).columns(Book.author, Book.pages)
    expect([pairs.count(), store.query(Book).columns(Book.pages).distinct().count()]).toEqual([4, 3])
    const last = store.query(Book, { sort: Book.storeID.descending, limit: 2 }).column(Book.pages)
    expect([last.distinct().toArray(), last.sum()]).toEqual([[null, 100], 100])
  })

  it('behaviour 52: decimals sum exactly, and have means of their own scale', () => {
    using store = library()
    const books = store.query(Book)
    expect(books.sum(Book.price)).toEqual(Decimal.of('20.00'))
    // 20.00 / 3
    expect(books.average(Book.price)).toEqual(Decimal.of('6.67'))
    expect([books.min(Book.price), books.max(Book.price)]).toEqual([Decimal.of('-0.01'), Decimal.of('10.02')])
  })

  it('have sums, means and extremes of their own types', () => {
    using store = Store.inMemory()
    const great = 2n ** 62n
    for (const anInteger of [great, great, great, -1n])
      store.create(Everything, {
        notNone: 'b',
        anInteger,
        aDouble: 0.1,
        aTimestamp: Timestamp.fromMicroseconds(anInteger),
      })
    store.create(Everything, { notNone: 'A', aBoolean: false })
    const all = store.query(Everything)
    expect(all.sum(Everything.anInteger)).toBe(3n * great - 1n)
    expect(all.average(Everything.anInteger)).toBe(Number(3n * great - 1n) / 4)
    expect(all.sum(Everything.aDouble)).toBeCloseTo(0.4)
    expect(all.average(Everything.aDouble)).toBeCloseTo(0.1)
    expect([all.min(Everything.aTimestamp)?.microseconds, all.max(Everything.anInteger)]).toEqual([-1n, great])
    expect([all.min(Everything.notNone), all.max(Everything.notNone)]).toEqual(['A', 'b'])
    expect(all.max(Everything.aBoolean)).toBe(false)
  })

  it('of nothing: sums are zero, means and extremes undefined or what is given', () => {
    using store = library()
    const none = [store.query(Book, { limit: 0 }), store.query(Book, { where: Book.pages.equals(7) })]
    for (const query of none) {
      expect([query.sum(Book.pages), query.sum(Book.price), query.sum(Book.weight)]).toEqual([0, Decimal.of('0.00'), 0])
      expect([query.average(Book.pages), query.average(Book.price), query.average(Book.weight)]).toEqual([
        undefined,
        undefined,
        undefined,
      ])
      expect([query.min(Book.pages), query.max(Book.title)]).toEqual([undefined, undefined])
      expect([query.column(Book.pages).min(0), query.column(Book.title).max('none')]).toEqual([0, 'none'])
    }
    const absent = store.query(Note)
    expect([absent.count(), absent.sum(Note.length), absent.average(Note.length)]).toEqual([0, 0, undefined])
    expect([absent.column(Note.length).count(), absent.min(Note.name)]).toEqual([0, undefined])
  })

  it('a sum that no number holds, or of what is no number, is an error and not a wrong one', () => {
    using store = library()
    store.create(Book, { title: 'a', pages: Number.MAX_SAFE_INTEGER })
    expect(() => store.query(Book).sum(Book.pages)).toThrow(expect.objectContaining({ code: 'UNSAFE_INTEGER' }))
    expect(store.query(Book).average(Book.pages)).toBeGreaterThan(1e15)
    store.create(Book, { title: 'up', weight: Number.POSITIVE_INFINITY })
    expect(store.query(Book).sum(Book.weight)).toBe(Number.POSITIVE_INFINITY)
    store.create(Book, { title: 'down', weight: Number.NEGATIVE_INFINITY })
    expect([store.query(Book).sum(Book.weight), store.query(Book).average(Book.weight)]).toEqual([
      Number.NaN,
      Number.NaN,
    ])
    store.transact(() => store.sql.run("UPDATE item_library_author_v1 SET born = 'long ago' WHERE oid = 1"))
    expect(() => store.query(Author).sum(Author.born)).toThrow(IntegrityError)
  })

  it('are read a page at a time, so a loop may change the store', () => {
    using store = numberedNotes(1200)
    let seen = 0
    store.transact(() => {
      for (const length of store.query(Note).column(Note.length)) {
        expect(length).toBe(seen)
        store.create(Note, { name: 'new', length: -1 })
        seen += 1
      }
    })
    expect(seen).toBe(1200)
  })

  it('behaviour 54: differ by the collation of the column where each value comes once', () => {
    using store = Store.inMemory()
    for (const each of ['a', 'A', 'ä', 'Ä', 'a']) store.create(Everything, { notNone: each, aCaseText: each })
    const all = store.query(Everything)
    expect(all.column(Everything.notNone).distinct().toArray()).toEqual(['a', 'ä', 'Ä'])
    expect(all.column(Everything.aCaseText).distinct().toArray()).toEqual(['a', 'A', 'ä', 'Ä'])
  })
})
