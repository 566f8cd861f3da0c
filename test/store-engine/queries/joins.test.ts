import { describe, expect, it } from 'vitest'
import { integer } from '../../../src/store-engine/attributes/attributes.js'
import { ConstraintError } from '../../../src/store-engine/errors.js'
import { item } from '../../../src/store-engine/items/item.js'
import { and, or } from '../../../src/store-engine/queries/comparison.js'
import { placeholder } from '../../../src/store-engine/queries/placeholder.js'
import { Store } from '../../../src/store-engine/store.js'
import { Note } from '../test-items.js'
import { Author, Book, library } from './library-items.js'

const written = Author.storeID.equals(Book.author)

describe('several item types at once', () => {
  it('come as tuples of items, in the order of the classes, by their storeIDs', () => {
    using store = library()
    const rows = store.query([Book, Author], { where: written }).toArray()
    expect(rows.map(([book, author]) => [book.title, author.name])).toEqual([
      ['Algebra', 'Ada'],
      ['Ada by Ada', 'Ada'],
      ['Bees', 'Bob'],
    ])
    expect(rows[0]?.[1]).toBe(rows[1]?.[1])
    expect(rows[0]?.[0]).toBe(store.getItemById(4))
  })

  it('sort by any of them; limits, counts and sums are of the rows', () => {
    using store = library()
    const options = { where: written, sort: [Author.name.descending, Book.pages.descending] }
    const titles = (more: object) =>
      [...store.query([Author, Book], { ...options, ...more })].map(([, { title }]) => title)
    expect(titles({})).toEqual(['Bees', 'Ada by Ada', 'Algebra'])
    expect(titles({ limit: 1, offset: 1 })).toEqual(['Ada by Ada'])
    const rows = store.query([Author, Book], { ...options, limit: 2 })
    expect([rows.count(), rows.sum(Book.pages), rows.max(Author.born), rows.first()?.[0].name]).toEqual([
      2,
      401,
      1901,
      'Bob',
    ])
    expect(store.query([Author, Book], { ...options, offset: 2 }).count()).toBe(1)
    expect(rows.columns(Author.name, Book.title).toArray()[1]).toEqual(['Ada', 'Ada by Ada'])
  })

  it('a class that only the comparison mentions takes part: an item comes for each match, or distinctly', () => {
    using store = library()
    const authors = store.query(Author, { where: and(written, Book.pages.greaterThan(50)) })
    expect([...authors].map(({ name }) => name)).toEqual(['Ada', 'Ada', 'Bob'])
    expect([authors.count(), authors.distinct().count(), authors.distinct().sum(Author.born)]).toEqual([3, 2, 3801])
    expect([...authors.distinct()].map(({ name }) => name)).toEqual(['Ada', 'Bob'])
    const latest = store.query(Author, { where: written, sort: Author.born.descending, limit: 2 })
    expect([latest.ids(), latest.distinct().ids()]).toEqual([
      [2, 1],
      [2, 1],
    ])
    expect(store.query(Author, { where: written, limit: 2 }).ids()).toEqual([1, 1])
    const byBook = store.query(Author, { where: written, sort: Book.pages.ascending })
    expect(byBook.ids()).toEqual([1, 2, 1])
    expect(() => byBook.distinct()).toThrow(/cannot be sorted by library_book.pages/)
  })

  it('distinct tuples, too', () => {
    using store = library()
    const other = placeholder(Book)
    const where = and(written, other.title.notEquals('nothing'))
    const rows = store.query([Author, Book], { where })
    expect([rows.count(), rows.distinct().count()]).toEqual([12, 3])
    expect([...rows.distinct()].map(([author, book]) => [author.storeID, book.storeID])).toEqual([
      [1, 4],
      [1, 5],
      [2, 6],
    ])
  })

  it('the comparison speaks of every class, the sort of none that takes no part', () => {
    using store = library()
    const wrong = [
      () => store.query([Author, Book]),
      () => store.query([Author, Book], { where: Book.pages.equals(1) }),
      () => store.query(Author, { where: Book.pages.equals(1) }),
      () => store.query([Author, Author], { where: Author.born.equals(1) }),
      () => store.query(Author, { sort: Book.title.ascending }),
      () => store.query(Author).column(Book.title),
      () => store.query(Author).columns(Author.name, placeholder(Author).name),
      // @ts-expect-error no classes at all
      () => store.query([]),
    ]
    for (const each of wrong) expect(each).toThrow(ConstraintError)
  })

  it('nothing is found, and no table made, where a type has never been stored', () => {
    using store = library()
    expect(store.query(Author, { where: or(Author.born.notEquals(null), Note.length.equals(1)) }).count()).toBe(0)
    expect([...store.query([Author, Note], { where: Author.born.equals(Note.length) })]).toEqual([])
    const rows = store.query([Author, Book], { where: and(written, Note.length.equals(Book.pages)) })
    expect([rows.toArray(), rows.distinct().toArray(), rows.distinct().count()]).toEqual([[], [], 0])
    expect(store.typesOnDisk().map(({ typeName }) => typeName)).toEqual(['library_author', 'library_book'])
  })

  it('a class that nobody registered can be asked for, and not take part otherwise', () => {
    class Loner extends item({
      typeName: 'library_loner',
      version: 1,
      module: 'axiom.item',
      attributes: { n: integer() },
    }) {}
    using store = library()
    store.create(Loner, { n: 1900 })
    expect([...store.query([Loner, Author], { where: Loner.n.equals(Author.born) })]).toHaveLength(1)
    expect(() => store.query(Author, { where: Loner.n.equals(Author.born) }).count()).toThrow(/must be registered/)
  })

  it('rows stay right while their items change and go, also over many pages', () => {
    using store = Store.inMemory()
    const author = store.create(Author, { name: 'Busy' })
    store.batchInsert(
      Book,
      Array.from({ length: 1200 }, (_, index) => ({ title: `${index}`, author })),
    )
    let seen = 0
    store.transact(() => {
      for (const [book, by] of store.query([Book, Author], { where: Book.author.equals(Author.storeID) })) {
        expect([book.isStored, by]).toEqual([true, author])
        seen += 1
        store.findFirst(Book, undefined, { sort: Book.storeID.descending })?.deleteFromStore()
      }
    })
    expect([seen, store.query(Book).count()]).toEqual([600, 600])
  })
})

describe('placeholders', () => {
  it('join a class with itself, twice if need be', () => {
    using store = library()
    const [second, third] = [placeholder(Book), placeholder(Book)]
    const ascending = and(Book.storeID.lessThan(second.storeID), second.storeID.lessThan(third.storeID))
    const rows = store.query([Book, second, third], { where: ascending, sort: third.title.ascending }).toArray()
    expect(rows.map(row => row.map(({ storeID }) => storeID))).toEqual([
      [4, 5, 6],
      [4, 5, 7],
      [4, 6, 7],
      [5, 6, 7],
    ])
  })

  it('stand for their class alone, in other stores and again after use elsewhere', () => {
    using store = library()
    using other = library()
    const [one, two] = [placeholder(Book), placeholder(Book)]
    expect(store.query(one, { where: one.pages.equals(301) }).ids()).toEqual([5])
    expect(other.query(two, { where: two.pages.equals(301) }).ids()).toEqual([5])
    const same = and(one.pages.equals(two.pages), one.storeID.lessThan(two.storeID))
    expect(store.query([two, one], { where: same }).toArray()).toEqual([[store.getItemById(6), store.getItemById(4)]])
    expect(store.query(one).sum(one.pages)).toBe(501)
  })

  it('of another class are no columns of it', () => {
    using store = library()
    expect(() => store.query(Book, { where: placeholder(Book).pages.equals(1) })).toThrow(ConstraintError)
  })
})
