import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../../src/base/errors.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'

const at = Timestamp.fromMicroseconds

describe('timestamps', () => {
  it.each([
    [0n, '1970-01-01T00:00:00.000000Z'],
    [1n, '1970-01-01T00:00:00.000001Z'],
    [-1n, '1969-12-31T23:59:59.999999Z'],
    [-999_999n, '1969-12-31T23:59:59.000001Z'],
    [-1_000_001n, '1969-12-31T23:59:58.999999Z'],
    [34_559_999_000_001n, '1971-02-04T23:59:59.000001Z'],
    [253_402_300_799_999_999n, '9999-12-31T23:59:59.999999Z'],
    [253_402_300_800_000_000n, '+010000-01-01T00:00:00.000000Z'],
    [-62_135_596_800_000_001n, '0000-12-31T23:59:59.999999Z'],
    [-62_167_219_200_000_001n, '-000001-12-31T23:59:59.999999Z'],
    [2n ** 63n - 1n, '+294247-01-10T04:00:54.775807Z'],
    [-(2n ** 63n), '-290308-12-21T19:59:05.224192Z'],
  ])('%s microseconds are %s', (microseconds, iso) => {
    expect(at(microseconds).toIso()).toBe(iso)
    expect(`${at(microseconds)} ${JSON.stringify(at(microseconds))}`).toBe(`${iso} "${iso}"`)
  })

  it('text in, the same moment out', () => {
    const range = fc.bigInt({ min: -62_167_219_200_000_000n, max: 253_402_300_799_999_999n })
    fc.assert(
      fc.property(range, microseconds => {
        expect(Timestamp.parse(at(microseconds).toIso()).microseconds).toBe(microseconds)
      }),
    )
    expect(Timestamp.parse('2009-01-02T03:04:05.6+00:00').microseconds % 1_000_000n).toBe(600_000n)
    for (const text of [
      '',
      '2009-01-02',
      '2009-01-02T03:04:05',
      '2009-13-02T03:04:05Z',
      '2009-02-29T03:04:05Z',
      '2009-01-02T24:00:00Z',
      '2009-01-02T03:04:05.1234567Z',
      '2009-01-02T03:04:05+01:00',
    ])
      expect(() => Timestamp.parse(text), text).toThrow(InvalidInputError)
  })

  it('a Date loses the last three digits, towards the past', () => {
    expect(at(-1n).toDate().getTime()).toBe(-1)
    expect(at(1_999n).toDate().getTime()).toBe(1)
    const date = new Date('2024-02-29T12:00:00.123Z')
    expect(Timestamp.fromDate(date).toIso()).toBe('2024-02-29T12:00:00.123000Z')
    expect(Timestamp.fromDate(date).toDate()).toEqual(date)
  })

  it('plus milliseconds is a later moment, or an earlier one', () => {
    expect([at(1n).plus(2), at(1n).plus(-1)]).toEqual([at(2001n), at(-999n)])
    expect(() => at(1n).plus(0.5)).toThrow(RangeError)
  })

  it('are sorted by compare', () => {
    const sorted = [3n, -5n, 0n, 2n ** 62n].map(at).sort((a, b) => a.compare(b))
    expect(sorted.map(each => each.microseconds)).toEqual([-5n, 0n, 3n, 2n ** 62n])
    expect(at(1n).compare(at(1n))).toBe(0)
  })
})
