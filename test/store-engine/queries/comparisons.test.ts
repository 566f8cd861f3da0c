import { describe, expect, it } from 'vitest'
import { Decimal } from '../../../src/store-engine/attributes/decimal.js'
import { ConstraintError } from '../../../src/store-engine/errors.js'
import { and, type Comparison, not, or } from '../../../src/store-engine/queries/comparison.js'
import { Store } from '../../../src/store-engine/store.js'
import { Everything, FixtureNode } from '../fixture-items.js'
import { Note, numberedNotes } from '../test-items.js'

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

  it('patterns are joined of strings and columns; what a column holds is no wildcard', () => {
    using store = Store.inMemory()
    for (const [notNone, aText] of [
      ['100% wool', '100%'],
      ['100x wool', '100%'],
      ['x', null],
    ] as const)
      store.create(Everything, { notNone, aText, aCaseText: notNone })
    const find = (where: Comparison) => store.query(Everything, { where }).ids()
    expect(find(Everything.notNone.startsWith(Everything.aText))).toEqual([1])
    expect(find(Everything.notNone.like(Everything.aText, '%W__L'))).toEqual([1])
    expect(find(Everything.notNone.startsWith('10', '0'))).toEqual([1, 2])
    expect(find(Everything.notNone.endsWith(Everything.aCaseText))).toEqual([1, 2, 3])
    expect(find(Everything.notNone.contains(Everything.aText, ' '))).toEqual([1])
    expect(find(Everything.aText.notLike('200%'))).toEqual([1, 2])
    for (const parts of [[], ['\ud800'], [3], [null], ['x'.repeat(50_001)]])
      expect(() => Everything.notNone.like(...(parts as string[]))).toThrow(ConstraintError)
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
    using store = numberedNotes(2000)
    const count = (where: Comparison) => store.query(Note, { where }).count()
    expect([count(Note.length.oneOf([])), count(Note.length.notOneOf([]))]).toEqual([0, 2000])
    const even = Array.from({ length: 40_000 }, (_, index) => index * 2)
    expect([count(Note.length.oneOf(even)), count(Note.length.notOneOf(even))]).toEqual([1000, 1000])
    expect(count(Note.name.oneOf([...even.map(String), 'N1']))).toBe(667)
    expect(count(Note.storeID.oneOf([1, 2, 3, 5000]))).toBe(3)
    expect(() => count(Note.storeID.oneOf(['1' as unknown as number]))).toThrow(ConstraintError)
  })

  it('lists of bytes, of decimals and of great numbers are as long as others', () => {
    using store = Store.inMemory()
    const bytes = Array.from({ length: 700 }, (_, index) => Buffer.from([index >> 8, index & 255, 0]))
    store.batchInsert(
      Everything,
      bytes.map((someBytes, index) => ({
        notNone: '',
        someBytes,
        anInteger: 2n ** 62n + BigInt(index),
        aDouble: index / 7,
        aMoney: Decimal.scaled(BigInt(index), 4),
      })),
    )
    const count = (where: Comparison) => store.query(Everything, { where }).count()
    expect([count(Everything.someBytes.oneOf(bytes)), count(Everything.someBytes.notOneOf(bytes))]).toEqual([700, 0])
    expect(count(Everything.anInteger.oneOf(bytes.map((_, index) => 2n ** 62n + BigInt(2 * index))))).toBe(350)
    const thirds = [...bytes.map((_, index) => index / 7), Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    expect(count(Everything.aDouble.oneOf(thirds))).toBe(700)
    expect(count(Everything.aMoney.oneOf(bytes.map((_, index) => Decimal.scaled(BigInt(index), 4))))).toBe(700)
  })

  it('columns compare with columns of the same type', () => {
    using store = Store.inMemory()
    store.create(Everything, { notNone: 'same', aText: 'SAME' })
    store.create(Everything, { notNone: 'one', aText: 'other' })
    expect(store.query(Everything, { where: Everything.notNone.equals(Everything.aText) }).ids()).toEqual([1])
  })

  it('behaviour 53: columns compare within their kind: decimals of one scale, references with storeIDs', () => {
    const [point2, money, text, reference] = [Everything.aPoint2, Everything.aMoney, Everything.aText, Note.parent]
    const wrong: (() => unknown)[] = [
      () => point2.equals(money),
      () => point2.oneOf([]) && point2.lessThan(Everything.anInteger as never),
      () => Note.length.greaterThan(money as never),
      () => text.equals(Note.length as never),
      () => reference.equals(Note.length as never),
      () => Everything.aTimestamp.equals(Everything.anInteger as never),
      () => Everything.aBoolean.equals(Note.length as never),
    ]
    for (const each of wrong) expect(each).toThrow(ConstraintError)
    expect(() => [reference.equals(Note.storeID), Note.storeID.equals(reference)]).not.toThrow()
    expect(() => [Note.length.lessThan(Everything.aDouble), text.equals(Everything.aCaseText)]).not.toThrow()
  })

  it('a condition or an order on another type is refused, not met by chance', () => {
    using store = Store.inMemory()
    store.create(FixtureNode, { name: 'a' })
    expect(() => store.query(FixtureNode, { where: Note.name.equals('a') })).toThrow(/cannot speak of engine_note/)
    expect(() => store.query(FixtureNode, { sort: Note.name.ascending })).toThrow(ConstraintError)
  })
})
