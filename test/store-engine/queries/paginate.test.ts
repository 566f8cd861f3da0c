import { describe, expect, it } from 'vitest'
import { IntegrityError } from '../../../src/base/errors.js'
import { ConstraintError } from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note, numberedNotes } from '../test-items.js'
import { Author, Book, library } from './library-items.js'

describe('pages by key', () => {
  it('go over ties and nulls, in both directions', () => {
    using store = Store.inMemory()
    for (const length of [2, null, 1, 2, null, 2, 1]) store.create(Note, { name: 'same', length })
    const pages = (sort: typeof Note.length.ascending) =>
      [...store.query(Note, { sort: [Note.name.ascending, sort] }).paginate(2)].map(page =>
        page.map(({ storeID }) => storeID),
      )
    expect(pages(Note.length.ascending)).toEqual([[2, 5], [3, 7], [1, 4], [6]])
    expect(pages(Note.length.descending)).toEqual([[1, 4], [6, 3], [7, 2], [5]])
  })

  it('leave out nothing and bring nothing twice while rows come and go', () => {
    using store = numberedNotes(10)
    const seen: (number | null)[] = []
    for (const page of store.query(Note, { sort: Note.length.descending }).paginate(3)) {
      seen.push(...page.map(({ length }) => length))
      // Before the place reached: would shift pages that were counted from the beginning.
      store.create(Note, { name: 'new', length: 100 })
      page[0]?.deleteFromStore()
      store.findFirst(Note, Note.length.equals(1))?.deleteFromStore()
    }
    expect(seen).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 0])
  })

  it('are one read each, so each can be a transaction that other writers wait for no longer than that', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using mine = Store.create(directory)
    using theirs = Store.open(directory)
    mine.batchInsert(
      Note,
      Array.from({ length: 6 }, (_, length) => ({ name: 'n', length })),
    )
    const seen: (number | null)[] = []
    const pages = mine.query(Note, { sort: Note.length.ascending }).paginate(2)[Symbol.iterator]()
    for (let more = true; more; ) {
      more = mine.transact(() => {
        const { value, done } = pages.next()
        if (done !== true) for (const note of value) seen.push(note.length)
        return done !== true
      })
      theirs.transact(() => {
        const last = theirs.findFirst(Note, undefined, { sort: Note.length.descending })
        if (last !== undefined) last.length = (last.length ?? 0) + 10
      })
    }
    // The last one was seen on the third page, and moved on behind it.
    expect(seen).toEqual([0, 1, 2, 3, 4, 25, 35])
  })

  it('keep the limits of the query', () => {
    using store = numberedNotes(10)
    const pages = store.query(Note, { sort: Note.length.ascending, offset: 2, limit: 5 }).paginate(2)
    expect([...pages].map(page => page.map(({ length }) => length))).toEqual([[2, 3], [4, 5], [6]])
    expect([...store.query(Note, { limit: 0 }).paginate(2)]).toEqual([])
  })

  it('tell apart rows that differ only in what the comparison met', () => {
    using store = library()
    const authors = store.query(Author, { where: Author.storeID.equals(Book.author), sort: Author.name.ascending })
    expect([...authors.paginate(1)].map(([author]) => author?.name)).toEqual(['Ada', 'Ada', 'Bob'])
    const rows = store.query([Author, Book], { where: Author.storeID.equals(Book.author), sort: Book.title.ascending })
    expect([...rows.paginate(2)].map(page => page.length)).toEqual([2, 1])
  })

  it('end where text of a damaged store cannot be told from what it is read as', () => {
    using store = numberedNotes(4)
    store.transact(() => store.sql.run("UPDATE item_engine_note_v1 SET name = CAST(x'FF' AS TEXT) WHERE oid > 2"))
    const seen: number[] = []
    const go = () => {
      for (const page of store.query(Note, { sort: Note.name.ascending }).paginate(1))
        seen.push(...page.map(({ storeID }) => storeID))
    }
    expect(go).toThrow(IntegrityError)
    expect(seen).toEqual([1, 2, 3])
  })

  it('use an index of the sort and hold at least one item', () => {
    using store = numberedNotes(10)
    const query = store.query(Note, { sort: Note.name.ascending })
    for (const size of [0, -1, 1.5, Number.NaN]) expect(() => query.paginate(size)).toThrow(ConstraintError)
    expect(query.explain()).toEqual(['SCAN t0 USING INDEX axiomidx_engine_note_v1_name'])
  })
})
