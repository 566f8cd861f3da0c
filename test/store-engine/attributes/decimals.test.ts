import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from '../../../src/store-engine/attributes/decimal.js'
import { ConstraintError } from '../../../src/store-engine/errors.js'
import type { Comparison } from '../../../src/store-engine/queries/comparison.js'
import { Store } from '../../../src/store-engine/store.js'
import { Everything } from '../fixture-items.js'

describe('decimals', () => {
  it('behaviour 52: they are scaled integers and sum exactly', () => {
    using store = Store.inMemory()
    for (const value of ['0.10', '0.20', '99.99', '-0.01', '0.07'])
      store.create(Everything, { notNone: '', aPoint2: Decimal.of(value), aMoney: Decimal.of(value) })
    store.create(Everything, { notNone: 'null does not count' })
    expect(store.sql.pluck('SELECT aPoint2 FROM item_fixture_everything_v1')).toEqual([10, 20, 9999, -1, 7, null])
    expect(store.query(Everything).sum(Everything.aPoint2).toString()).toBe('100.35')
    expect(store.query(Everything).sum(Everything.aMoney).unscaled).toBe(1_003_500n)
    const none = store.query(Everything, { where: Everything.notNone.equals('nothing') })
    expect(none.sum(Everything.aPoint2).toString()).toBe('0')
    expect(none.sum(Everything.anInteger)).toBe(0n)
  })

  it('behaviour 53: comparing decimals of different scale is refused', () => {
    expect(() => Everything.aPoint1.equals(Everything.aPoint2)).toThrow(ConstraintError)
    expect(() => Everything.aPoint2.lessThan(Everything.aMoney)).toThrow(/point2decimal.*money/)
    expect(() => Everything.aPoint2.equals(Everything.aPoint2)).not.toThrow()
  })

  it.each([
    ['1.005', 100n],
    ['1.015', 102n],
    ['-1.025', -102n],
    ['-1.015', -102n],
    ['0.005', 0n],
    ['0.0051', 1n],
    ['1e2', 10_000n],
    ['1E-10', 0n],
  ])('%s with two digits is %s hundredths: halves go to the even digit', (text, hundredths) => {
    using store = Store.inMemory()
    const each = store.create(Everything, { notNone: '', aPoint2: Decimal.of(text) })
    expect(each.aPoint2?.unscaled).toBe(hundredths)
  })

  it('a comparison with more digits than the column has is refused, not rounded', () => {
    using store = Store.inMemory()
    store.create(Everything, { notNone: '', aPoint2: Decimal.of('9.98') })
    const count = (where: Comparison) => store.query(Everything, { where }).count()
    expect(count(Everything.aPoint2.equals(Decimal.of('9.9800')))).toBe(1)
    for (const where of [
      Everything.aPoint2.equals(Decimal.of('9.985')),
      Everything.aPoint2.lessThan(Decimal.of('9.985')),
      Everything.aPoint2.oneOf([Decimal.of('1'), Decimal.of('9.9801')]),
    ])
      expect(() => count(where)).toThrow(/a comparison with .*aPoint2 takes at most 2 digits after the point/)
  })

  it('what does not fit in 64 bits, and what is no Decimal, is refused', () => {
    using store = Store.inMemory()
    const largest = Decimal.scaled(2n ** 63n - 1n, 2)
    expect(store.create(Everything, { notNone: '', aPoint2: largest }).aPoint2).toEqual(largest)
    for (const value of [Decimal.scaled(2n ** 63n, 2), Decimal.of('1e30'), 1, '1', 1.5])
      expect(() => store.create(Everything, { notNone: '', aPoint2: value as Decimal })).toThrow(ConstraintError)
    for (const text of ['', '.', '1,5', 'NaN', 'Infinity', '0x10', ' 1', '1e99999'])
      expect(() => Decimal.of(text)).toThrow()
    expect(() => Decimal.of(0.1)).toThrow(/write it as text/)
  })

  it('text in, the same number out', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 12 }), (unscaled, scale) => {
        const given = Decimal.scaled(unscaled, scale)
        expect(Decimal.of(given.toString()).equals(given)).toBe(true)
      }),
    )
  })
})
