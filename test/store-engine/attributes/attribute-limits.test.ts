import { describe, expect, it } from 'vitest'
import { IntegrityError } from '../../../src/base/errors.js'
import { integer, text } from '../../../src/store-engine/attributes/attributes.js'
import { Decimal } from '../../../src/store-engine/attributes/decimal.js'
import { pointDecimal } from '../../../src/store-engine/attributes/decimal-attribute.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { ConstraintError } from '../../../src/store-engine/errors.js'
import { item } from '../../../src/store-engine/items/item.js'
import { Store } from '../../../src/store-engine/store.js'
import { Everything } from '../fixture-items.js'

function fresh(): { store: Store; each: Everything; raw: (column: string) => unknown } {
  const store = Store.inMemory()
  const each = store.create(Everything, { notNone: 'x' })
  const raw = (column: string) => store.sql.value(`SELECT ${column} FROM item_fixture_everything_v1`)
  return { store, each, raw }
}

class Small extends item({
  typeName: 'engine_small',
  version: 1,
  module: 'axiom.item',
  attributes: { n: integer() },
}) {}

describe('what attributes hold and refuse', () => {
  it('behaviour 51: the bounds of 64-bit integers are enforced exactly', () => {
    const { each, raw } = fresh()
    for (const value of [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 0n]) {
      each.anInteger = value
      expect(BigInt(raw('anInteger') as bigint)).toBe(value)
      expect(each.anInteger).toBe(value)
    }
    for (const value of [2n ** 63n, -(2n ** 63n) - 1n]) {
      expect(() => {
        each.anInteger = value
      }).toThrow(ConstraintError)
    }
    expect(each.anInteger).toBe(0n)
    for (const value of [1, 1.5, '1', true]) expect(() => Object.assign(each, { anInteger: value })).toThrow(/bigint/)
  })

  it('an integer() is exact to 2^53 and says so where the store holds more', () => {
    using store = Store.inMemory()
    const small = store.create(Small, { n: Number.MAX_SAFE_INTEGER })
    expect(small.n).toBe(Number.MAX_SAFE_INTEGER)
    for (const value of [2 ** 53, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => Object.assign(small, { n: value })).toThrow(ConstraintError)
    store.transact(() => store.sql.run('UPDATE item_engine_small_v1 SET n = 9007199254740993'))
    const again = Store.fromImage(store.serialize({ wal: false })).findUnique(Small)
    expect(() => again.n).toThrow(
      expect.objectContaining({ code: 'UNSAFE_INTEGER', message: expect.stringMatching(/engine_small.n of item 1/) }),
    )
  })

  it('text refuses U+0000 and half a surrogate pair, anywhere', () => {
    const { store, each } = fresh()
    for (const value of ['a\0b', '\0', '\ud800', 'x\udc00y', 7, ['a']])
      expect(() => Object.assign(each, { aText: value }), String(value)).toThrow(ConstraintError)
    expect(() => store.findFirst(Everything, Everything.aText.equals('\ud800'))).toThrow(ConstraintError)
    expect(() => store.create(Everything, { notNone: '\0' })).toThrow(ConstraintError)
    each.aText = '𝄞'
    expect(each.aText).toBe('𝄞')
  })

  it('null is refused where it is not allowed, and read as an error where a stranger wrote it', () => {
    const { store, each } = fresh()
    expect(() => Object.assign(each, { notNone: null })).toThrow(/notNone of item 1 cannot be null/)
    store.transact(() => store.sql.run('UPDATE item_fixture_everything_v1 SET notNone = NULL'))
    const again = Store.fromImage(store.serialize({ wal: false })).findUnique(Everything)
    expect(() => again.notNone).toThrow(IntegrityError)
  })

  it('a float holds infinities and no NaN, which SQLite would turn into null', () => {
    const { store, each } = fresh()
    expect(() => Object.assign(each, { aDouble: Number.NaN })).toThrow(ConstraintError)
    for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 0]) {
      each.aDouble = value
      expect(store.findUnique(Everything, Everything.aDouble.equals(value))).toBe(each)
    }
    each.aDouble = Number.POSITIVE_INFINITY
    const long = Array.from({ length: 600 }, (_, index) => index / 7)
    expect(store.query(Everything, { where: Everything.aDouble.oneOf(long) }).count()).toBe(0)
    expect(store.query(Everything, { where: Everything.aDouble.oneOf([...long, each.aDouble]) }).count()).toBe(1)
  })

  it('a boolean is 1, 0 or null on disk, and anything else there is an error', () => {
    const { store, each, raw } = fresh()
    each.aBoolean = true
    expect(raw('aBoolean')).toBe(1)
    for (const value of [1, 0, 'true']) expect(() => Object.assign(each, { aBoolean: value })).toThrow(ConstraintError)
    store.transact(() => store.sql.run('UPDATE item_fixture_everything_v1 SET aBoolean = 2'))
    const again = Store.fromImage(store.serialize({ wal: false }))
    expect(() => again.findUnique(Everything).aBoolean).toThrow(IntegrityError)
    expect(() => [...again.rowsOf(again.typesOnDisk()[0] as never)]).toThrow(IntegrityError)
  })

  it.each([
    ['aText', "x'00ff'", /does not hold text/],
    ['aTextList', "x'00ff'", /does not hold text/],
    ['aDouble', "'many'", /does not hold a number/],
    ['anInteger', "'many'", /does not hold an integer/],
    ['aTimestamp', '1.5', /does not hold an integer/],
    ['aMoney', "'1.5 EUR'", /does not hold an integer/],
    ['someBytes', '7', /does not hold bytes/],
    ['aPath', "'../../etc/passwd'", /leaves the store/],
  ] as const)('%s with the foreign value %s is an error that names the item', (name, literal, message) => {
    const { store } = fresh()
    store.transact(() => store.sql.run(`UPDATE item_fixture_everything_v1 SET ${name} = ${literal}`))
    const again = Store.fromImage(store.serialize({ wal: false })).findUnique(Everything)
    expect(() => again[name]).toThrow(message)
    expect(() => again[name]).toThrow(/of item 1/)
  })

  it('a timestamp keeps microseconds before and after 1970 and needs 64 bits', () => {
    const { each } = fresh()
    for (const microseconds of [-1n, -999_999n, 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
      each.aTimestamp = Timestamp.fromMicroseconds(microseconds)
      expect(each.aTimestamp.microseconds).toBe(microseconds)
    }
    expect(() => Object.assign(each, { aTimestamp: Timestamp.fromMicroseconds(2n ** 63n) })).toThrow(ConstraintError)
    expect(() => Object.assign(each, { aTimestamp: new Date() })).toThrow(ConstraintError)
  })

  it('a class cannot take names that its table or its items need', () => {
    const declare = (attributes: Record<string, ReturnType<typeof text>>) =>
      item({ typeName: 'engine_names', version: 1, module: 'axiom.item', attributes })
    for (const name of ['oid', 'RowID', 'store', 'storeID', 'deleted', 'a b', 'a]', '', 'itemType', 'constructor'])
      expect(() => declare({ [name]: text() }), name).toThrow(ConstraintError)
    expect(() => declare({ name: text(), Name: text() })).toThrow(/taken/)
    expect(() => declare({ a_b: text({ indexed: true }), a: text(), b: text() })).not.toThrow()
    const spec = { version: 1, module: 'axiom.item', attributes: { n: pointDecimal(2) } }
    for (const typeName of ['a b', 'x"y', 'x;y', '', '1x'])
      expect(() => item({ ...spec, typeName })).toThrow(ConstraintError)
    expect(Decimal.of('1.10').toString()).toBe('1.1')
  })

  it('two indexes of one name are refused, as a single a_b beside a compound of a and b would be', () => {
    const attributes = { a: text(), b: text(), a_b: text({ indexed: true }) }
    expect(() => item({ typeName: 'x', version: 1, module: 'm', attributes, indexes: [['a', 'b']] })).toThrow(
      /x_v1_a_b/,
    )
  })
})
