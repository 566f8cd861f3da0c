import { describe, expect, it } from 'vitest'
import { ConstraintError, CrossStoreReferenceError } from '../../../src/store-engine/errors.js'
import { and, not } from '../../../src/store-engine/queries/comparison.js'
import { Everything } from '../fixture-items.js'
import { Note } from '../test-items.js'
import { Author, Book, library } from './library-items.js'

describe('queries as lists in comparisons', () => {
  it('by a column, by storeIDs, by references, and the contrary', () => {
    using store = library()
    const short = store.query(Book, { where: Book.pages.lessThan(200) })
    const find = (where: Parameters<typeof not>[0]) => store.query(Author, { where }).ids()
    expect(find(Author.storeID.oneOf(short.column(Book.author)))).toEqual([1, 2])
    expect(find(Author.storeID.notOneOf(store.query(Book).column(Book.author)))).toEqual([3])
    const early = store.query(Author, { where: Author.born.lessThan(1901) })
    expect(store.query(Book, { where: Book.author.oneOf(early) }).ids()).toEqual([4, 5])
    expect(store.query(Book, { where: Book.author.notOneOf(early) }).ids()).toEqual([6])
    expect(store.query(Book, { where: Book.author.oneOf(early.column(Author.storeID)) }).ids()).toEqual([4, 5])
    expect(store.query(Author, { where: Author.storeID.oneOf(early) }).ids()).toEqual([1])
    expect(store.query(Book, { where: Book.title.oneOf(store.query(Author).column(Author.name)) }).ids()).toEqual([])
  })

  it('keep their sort and limits, and nest, about the same class as well', () => {
    using store = library()
    const longest = store.query(Book, { sort: Book.pages.descending, limit: 1 })
    const ofLongest = store.query(Author, { where: Author.storeID.oneOf(longest.column(Book.author)) })
    expect(store.query(Book, { where: Book.author.oneOf(ofLongest) }).ids()).toEqual([4, 5])
    const where = and(Book.pages.oneOf(longest.column(Book.pages)), Book.title.startsWith('ada'))
    expect(store.query(Book, { where }).ids()).toEqual([5])
    const second = store.query(Book, { where: not(Book.storeID.oneOf(longest)), offset: 1, limit: 1 })
    expect(store.query(Book, { where: Book.storeID.oneOf(second) }).ids()).toEqual([6])
  })

  it('are empty lists where the store knows no such type', () => {
    using store = library()
    const none = store.query(Note)
    expect(store.query(Book, { where: Book.author.oneOf(none) }).count()).toBe(0)
    expect(store.query(Book, { where: Book.pages.notOneOf(none.column(Note.length)) }).count()).toBe(4)
  })

  it('behaviour 136: what lies in another store is refused, in lists and as a query', () => {
    using store = library()
    using other = library()
    const theirs = other.query(Author)
    const wheres = [
      Book.author.equals(other.getItemById(1) as Author),
      Book.author.oneOf([store.getItemById(1) as Author, other.getItemById(1) as Author]),
      Book.author.notOneOf([other.getItemById(2) as Author]),
      Book.author.oneOf(theirs),
      Book.author.oneOf(theirs.column(Author.storeID)),
      not(Book.title.oneOf(theirs.column(Author.name))),
    ]
    for (const where of wheres) {
      const query = store.query(Book, { where })
      for (const act of [() => query.count(), () => query.toArray(), () => query.deleteFromStore()])
        expect(act).toThrow(CrossStoreReferenceError)
    }
    expect([store.query(Book).count(), other.query(Author).count()]).toEqual([4, 3])
  })

  it('behaviour 53: of decimals of another scale, or of other kinds, are refused', () => {
    using store = library()
    const [books, all] = [store.query(Book), store.query(Everything)]
    expect(() => Everything.aPoint1.oneOf(books.column(Book.price))).toThrow(ConstraintError)
    expect(() => Book.price.oneOf(books.column(Book.cost))).toThrow(/point2decimal.*money/)
    expect(() => Book.price.oneOf(all.column(Everything.aPoint2))).not.toThrow()
    const strange: unknown[] = [books.column(Book.title), books.column(Book.pages), books]
    for (const each of strange) expect(() => Book.price.oneOf(each as never)).toThrow(ConstraintError)
  })
})
