import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decimal } from '../../../src/store-engine/attributes/decimal.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import type { Initial } from '../../../src/store-engine/items/initial.js'
import type { Comparison } from '../../../src/store-engine/queries/comparison.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Everything } from '../fixture-items.js'

const MAX = 2n ** 63n - 1n
const bits64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: MAX }),
  fc.constantFrom(MAX, -(2n ** 63n), 2n ** 53n, -1n, 0n),
)
const storable = (value: string) => !['\0', '\u0002', '\u001f'].some(bad => value.includes(bad)) && value.isWellFormed()
const text = fc.string({ unit: 'binary' }).filter(value => !value.includes('\0') && value.isWellFormed())
const element = fc.string({ unit: 'binary' }).filter(storable)
const fileName = element.filter(name => !/[/\\]/.test(name) && !['', '.', '..'].includes(name))
const decimal = (scale: number) => bits64.map(unscaled => Decimal.scaled(unscaled, scale))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 8 })

const values = fc.record({
  anInteger: maybe(bits64),
  aText: maybe(text),
  aCaseText: maybe(text),
  notNone: text,
  someBytes: maybe(fc.uint8Array({ maxLength: 300 })),
  aBoolean: maybe(fc.boolean()),
  aTimestamp: maybe(bits64.map(Timestamp.fromMicroseconds)),
  relativePath: maybe(fc.array(fileName, { minLength: 1, maxLength: 4 })),
  aDouble: maybe(fc.double({ noNaN: true })),
  aPoint1: maybe(decimal(1)),
  aPoint2: maybe(decimal(2)),
  aPoint10: maybe(decimal(10)),
  aMoney: maybe(decimal(4)),
  aTextList: maybe(fc.array(element, { maxLength: 6 })),
})

function attributesFrom(
  { relativePath, ...rest }: typeof values extends fc.Arbitrary<infer V> ? V : never,
  files: string,
) {
  return { ...rest, aPath: relativePath === null ? null : join(files, ...relativePath) } satisfies Initial<
    typeof Everything
  >
}

function contentOf(each: Everything): Record<string, unknown> {
  const { anInteger, aText, aCaseText, notNone, aBoolean, aPath, aDouble, aTextList } = each
  return {
    ...{ anInteger, aText, aCaseText, notNone, aBoolean, aPath, aTextList, aDouble },
    someBytes: each.someBytes && [...each.someBytes],
    aTimestamp: each.aTimestamp?.microseconds ?? null,
    decimals: [each.aPoint1, each.aPoint2, each.aPoint10, each.aMoney].map(value => value?.unscaled ?? null),
  }
}

function wantedOf(attributes: ReturnType<typeof attributesFrom>): Record<string, unknown> {
  const { someBytes, aTimestamp, aPoint1, aPoint2, aPoint10, aMoney, aDouble, ...rest } = attributes
  return {
    ...rest,
    aDouble: aDouble === null ? null : aDouble + 0,
    someBytes: someBytes && [...someBytes],
    aTimestamp: aTimestamp?.microseconds ?? null,
    decimals: [aPoint1, aPoint2, aPoint10, aMoney].map(value => value?.unscaled ?? null),
  }
}

describe('every attribute type', () => {
  it('comes back as it was given: at once, after reading again, and through the generic reader', () => {
    const files = join(temporaryDirectory(), 'files')
    using store = Store.inMemory({ filesDirectory: files })
    fc.assert(
      fc.property(values, given => {
        const attributes = attributesFrom(given, files)
        const created = store.create(Everything, attributes)
        const wanted = wantedOf(attributes)
        expect(contentOf(created)).toEqual(wanted)
        store.engine.cache.distrust()
        expect(contentOf(created)).toEqual(wanted)
        const type = store.typesOnDisk()[0] as never
        const generic = [...store.rowsOf(type)].at(-1)?.values
        expect(generic?.['aTextList']).toEqual(attributes.aTextList)
        expect(generic?.['aText']).toBe(attributes.aText)
        expect(generic?.['anInteger'] ?? null).toEqual(asGeneric(attributes.anInteger))
      }),
      { numRuns: 300 },
    )
  })

  it('finds by equality what it stored', () => {
    using store = Store.inMemory()
    fc.assert(
      fc.property(bits64, text, decimal(2), (anInteger, aCaseText, aPoint2) => {
        const { storeID } = store.create(Everything, { notNone: '', anInteger, aCaseText, aPoint2 })
        const found = (where: Comparison) => store.query(Everything, { where }).ids()
        expect(found(Everything.anInteger.equals(anInteger))).toContain(storeID)
        expect(found(Everything.aCaseText.equals(aCaseText))).toContain(storeID)
        expect(found(Everything.aCaseText.startsWith([...aCaseText].slice(0, 3).join('')))).toContain(storeID)
        expect(found(Everything.aPoint2.oneOf([aPoint2]))).toContain(storeID)
      }),
      { numRuns: 150 },
    )
  })

  it('an assignment survives closing and opening', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    Store.create(directory).close()
    fc.assert(
      fc.property(values, given => {
        const attributes = attributesFrom(given, join(directory, 'files'))
        using store = Store.open(directory)
        const each = store.create(Everything, { notNone: 'before' })
        store.transact(() => Object.assign(each, attributes))
        store.close()
        using again = Store.open(directory, { readonly: true })
        expect(contentOf(again.getItemById(each.storeID) as Everything)).toEqual(wantedOf(attributes))
      }),
      { numRuns: 25 },
    )
  })
})

function asGeneric(value: bigint | null): bigint | number | null {
  if (value === null) return null
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
