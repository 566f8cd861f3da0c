import { describe, expect, it } from 'vitest'
import { integer, text } from '../../../src/store-engine/attributes/attributes.js'
import { ConstraintError, DuplicateUniqueItemError, ItemNotFoundError } from '../../../src/store-engine/errors.js'
import { item } from '../../../src/store-engine/items/item.js'
import { Store } from '../../../src/store-engine/store.js'
import { Note, numberedNotes, threeNotes } from '../test-items.js'

describe('queries', () => {
  it('sort by several columns, ties by storeID; limit and offset', () => {
    using store = numberedNotes(7)
    const lengths = (options: Parameters<typeof store.query<typeof Note>>[1]) =>
      store
        .query(Note, options)
        .toArray()
        .map(note => note.length)
    expect(lengths({})).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(lengths({ sort: Note.name.descending })).toEqual([2, 5, 1, 4, 0, 3, 6])
    expect(lengths({ sort: [Note.name.ascending, Note.length.descending] })).toEqual([6, 3, 0, 4, 1, 5, 2])
    expect(lengths({ limit: 2, offset: 3 })).toEqual([3, 4])
    expect(lengths({ offset: 5 })).toEqual([5, 6])
    expect(lengths({ limit: 0 })).toEqual([])
    expect(store.query(Note, { limit: 4, offset: 5 }).count()).toBe(2)
    for (const limit of [-1, 1.5, Number.NaN, '3' as unknown as number])
      expect(() => store.query(Note, { limit })).toThrow(ConstraintError)
  })

  it('find the first, the only one, or make it', () => {
    using store = numberedNotes(6)
    expect(store.findFirst(Note, Note.name.equals('n1'), { sort: Note.length.descending })?.length).toBe(4)
    expect(store.findFirst(Note, Note.name.equals('none'))).toBeUndefined()
    expect(store.findUnique(Note, Note.length.equals(3)).storeID).toBe(4)
    expect(() => store.findUnique(Note, Note.length.equals(99))).toThrow(ItemNotFoundError)
    expect(() => store.findUnique(Note, Note.name.equals('n1'))).toThrow(DuplicateUniqueItemError)
    const told: Note[] = []
    const tell = (note: Note) => told.push(note)
    const made = store.findOrCreate(Note, { name: 'new', length: 1 }, tell)
    expect([made.storeID, made.pinned, told]).toEqual([7, false, [made]])
    expect(store.findOrCreate(Note, { name: 'NEW', length: 1 }, tell)).toBe(made)
    expect(store.findOrCreate(Note, { name: 'new', length: null }, tell)).not.toBe(made)
    expect(told).toHaveLength(2)
  })

  it('are explained by SQLite, step by step', () => {
    using store = numberedNotes(6)
    const byName = store.query(Note, { where: Note.name.equals('n1'), sort: Note.length.ascending })
    expect(byName.explain()).toEqual([
      'SEARCH t0 USING INDEX axiomidx_engine_note_v1_name (name=?)',
      'USE TEMP B-TREE FOR ORDER BY',
    ])
    const nested = store.query(Note, { where: Note.storeID.oneOf(byName.column(Note.length)) })
    expect(nested.explain()).toContainEqual(expect.stringMatching(/^ {2}SEARCH t1 USING INDEX/))
    expect(Store.inMemory().query(Note).explain()).toEqual([])
  })

  it('of rows inserted in a batch find what defaults and their functions gave', () => {
    using store = Store.inMemory()
    let made = 0
    class Dated extends item({
      typeName: 'query_dated',
      version: 1,
      module: 'axiom.item',
      attributes: { label: text({ default: 'unnamed' }), number: integer({ default: () => ++made }) },
    }) {}
    expect(store.batchInsert(Dated, [{}, { label: 'b' }, { number: null }, {}])).toBe(4)
    expect(store.query(Dated).columns(Dated.label, Dated.number).toArray()).toEqual([
      ['unnamed', 1],
      ['b', 2],
      ['unnamed', null],
      ['unnamed', 3],
    ])
  })

  it('delete what they find, all or nothing', () => {
    using store = numberedNotes(6)
    expect(store.query(Note, { where: Note.name.equals('n0') }).deleteFromStore()).toBe(2)
    expect(store.query(Note, { sort: Note.length.descending, limit: 1 }).deleteFromStore()).toBe(1)
    expect(store.query(Note).ids()).toEqual([2, 3, 5])
    expect(store.sql.value('SELECT count(*) FROM axiom_objects WHERE type_id = -1')).toBe(3)
  })

  it('find by booleans, references and the store itself', () => {
    using store = Store.inMemory()
    const [a, b] = threeNotes(store) as [Note, Note]
    b.parent = a
    b.pinned = true
    expect(store.query(Note, { where: Note.parent.equals(a) }).toArray()).toEqual([b])
    expect(store.query(Note, { where: Note.pinned.equals(false) }).ids()).toEqual([1, 3])
    expect(store.query(Note, { where: Note.storeID.greaterThan(1), sort: Note.storeID.descending }).ids()).toEqual([
      3, 2,
    ])
  })
})
