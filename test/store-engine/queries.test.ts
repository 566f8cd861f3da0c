import { describe, expect, it } from 'vitest'
import { and, type Comparison, not, or } from '../../src/store-engine/comparison.js'
import { ConstraintError, DuplicateUniqueItemError, ItemNotFoundError } from '../../src/store-engine/errors.js'
import { Store } from '../../src/store-engine/store.js'
import { Everything, FixtureNode } from './fixture-items.js'
import { Note, threeNotes } from './test-items.js'

function stored(...texts: readonly (string | null)[]): (where: Comparison) => (string | null)[] {
  const store = Store.inMemory()
  store.batchInsert(
    Everything,
    texts.map(text => ({
      notNone: text ?? 'null',
      aText: text,
      aCaseText: text,
      someBytes: text === null ? null : Buffer.from(text),
    })),
  )
  return where =>
    store
      .query(Everything, { where })
      .toArray()
      .map(each => each.aText)
}

function numbered(count: number): Store {
  const store = Store.inMemory()
  store.batchInsert(
    Note,
    Array.from({ length: count }, (_, index) => ({ name: `n${index % 3}`, length: index })),
  )
  return store
}

describe('comparisons', () => {
  it('behaviour 54: case-insensitive and case-sensitive text and bytes compare as specified', () => {
    const find = stored('apple', 'Apple', 'APPLE', 'Äpfel', 'ÄPFEL', 'äpfel')
    expect(find(Everything.aText.equals('apple'))).toEqual(['apple', 'Apple', 'APPLE'])
    expect(find(Everything.aCaseText.equals('apple'))).toEqual(['apple'])
    expect(find(Everything.someBytes.equals(Buffer.from('Apple')))).toEqual(['Apple'])
    // ASCII letters only are folded.
    expect(find(Everything.aText.equals('Äpfel'))).toEqual(['Äpfel', 'ÄPFEL'])
    expect(find(Everything.aCaseText.equals('ÄPFEL'))).toEqual(['ÄPFEL'])
    expect(find(Everything.aText.notEquals('APPLE'))).toEqual(['Äpfel', 'ÄPFEL', 'äpfel'])
    expect(find(Everything.aCaseText.lessThan('a'))).toEqual(['Apple', 'APPLE'])
    expect(find(Everything.aText.greaterOrEqual('B'))).toEqual(['Äpfel', 'ÄPFEL', 'äpfel'])
    expect(find(Everything.aText.oneOf(['aPPle']))).toHaveLength(3)
    expect(find(Everything.aCaseText.oneOf(['aPPle']))).toHaveLength(0)
  })

  it('behaviour 54: patterns ignore ASCII case on every column, and wildcards only where they are asked for', () => {
    const find = stored('100%', '100x', 'a_b', 'aXb', 'back\\slash', 'Tail', null)
    expect(find(Everything.aText.startsWith('100%'))).toEqual(['100%'])
    expect(find(Everything.aText.like('100_'))).toEqual(['100%', '100x'])
    expect(find(Everything.aText.contains('_'))).toEqual(['a_b'])
    expect(find(Everything.aText.contains('\\'))).toEqual(['back\\slash'])
    expect(find(Everything.aCaseText.endsWith('AIL'))).toEqual(['Tail'])
    expect(find(not(Everything.aText.contains('a')))).toEqual(['100%', '100x'])
    expect(() => Everything.aText.like('\0')).toThrow(ConstraintError)
  })

  it('null is equal to null by IS NULL, and to nothing else', () => {
    const find = stored('a', null)
    expect(find(Everything.aText.equals(null))).toEqual([null])
    expect(find(Everything.aText.notEquals(null))).toEqual(['a'])
    expect(find(Everything.aText.notEquals('b'))).toEqual(['a'])
    // @ts-expect-error null has no order
    expect(() => find(Everything.aText.lessThan(null))).toThrow(ConstraintError)
  })

  it('and, or, not; nothing to combine is refused', () => {
    const find = stored('a', 'b', 'c')
    const [a, b] = [Everything.aText.equals('a'), Everything.aText.equals('b')]
    expect(find(or(a, b))).toEqual(['a', 'b'])
    expect(find(and(or(a, b), not(b)))).toEqual(['a'])
    expect(() => and()).toThrow(ConstraintError)
    expect(() => or()).toThrow(ConstraintError)
  })

  it('lists: an empty one matches nothing or everything, a long one is one parameter', () => {
    using store = numbered(2000)
    const count = (where: Comparison) => store.query(Note, { where }).count()
    expect([count(Note.length.oneOf([])), count(Note.length.notOneOf([]))]).toEqual([0, 2000])
    const even = Array.from({ length: 40_000 }, (_, index) => index * 2)
    expect([count(Note.length.oneOf(even)), count(Note.length.notOneOf(even))]).toEqual([1000, 1000])
    expect(count(Note.name.oneOf([...even.map(String), 'N1']))).toBe(667)
    expect(count(Note.storeID.oneOf([1, 2, 3, 5000]))).toBe(3)
  })

  it('columns compare with columns of the same type', () => {
    using store = Store.inMemory()
    store.create(Everything, { notNone: 'same', aText: 'SAME' })
    store.create(Everything, { notNone: 'one', aText: 'other' })
    expect(store.query(Everything, { where: Everything.notNone.equals(Everything.aText) }).ids()).toEqual([1])
  })

  it('a condition or an order on another type is refused, not met by chance', () => {
    using store = Store.inMemory()
    store.create(FixtureNode, { name: 'a' })
    expect(() => store.query(FixtureNode, { where: Note.name.equals('a') })).toThrow(/cannot speak of engine_note/)
    expect(() => store.query(FixtureNode, { sort: Note.name.ascending })).toThrow(ConstraintError)
  })
})

describe('queries', () => {
  it('sort by several columns, ties by storeID; limit and offset', () => {
    using store = numbered(7)
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
    using store = numbered(6)
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

  it('delete what they find, all or nothing', () => {
    using store = numbered(6)
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
