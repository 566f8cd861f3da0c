import { describe, expect, it } from 'vitest'
import type { RowSelection } from '../../../src/store-engine/schema/generic-rows.js'
import { parseStored } from '../../../src/store-engine/schema/parse-stored.js'
import type { AttributeOnDisk, TypeOnDisk } from '../../../src/store-engine/schema/schema.js'
import type { Store } from '../../../src/store-engine/store.js'
import { Note, numberedNotes } from '../test-items.js'
import { errorOf } from '../unharmed.js'

const noteType = (store: Store) => store.typesOnDisk().find(type => type.typeName === 'engine_note') as TypeOnDisk
const idsOf = (store: Store, selection: RowSelection) =>
  [...store.rowsOf(noteType(store), selection)].map(({ storeID }) => storeID)

describe('rows of a type, without its code', () => {
  it('are all of them across pages, or as many as were asked for', () => {
    using store = numberedNotes(1203)
    expect(idsOf(store, {})).toEqual(Array.from({ length: 1203 }, (_, index) => index + 1))
    for (const limit of [0, 1, 499, 500, 501, 1000, 1203, 5000])
      expect(idsOf(store, { limit })).toEqual(Array.from({ length: Math.min(limit, 1203) }, (_, index) => index + 1))
  })

  it('are those that a condition holds for, by the collation of the column', () => {
    using store = numberedNotes(1500)
    expect(idsOf(store, { where: [{ attribute: 'name', stored: 'N1' }] })).toHaveLength(500)
    expect(idsOf(store, { where: [{ attribute: 'length', stored: 700n }] })).toEqual([701])
    expect(idsOf(store, { where: [{ attribute: null, stored: 3n }] })).toEqual([3])
    expect(idsOf(store, { where: [{ attribute: 'parent', stored: null }], limit: 2 })).toEqual([1, 2])
    expect(
      idsOf(store, {
        where: [
          { attribute: 'name', stored: 'n1' },
          { attribute: 'length', stored: 4n },
        ],
      }),
    ).toEqual([5])
    expect(idsOf(store, { where: [{ attribute: 'name', stored: "' OR 1 --" }] })).toEqual([])
  })

  it('can be read although a value contradicts its kind', () => {
    using store = numberedNotes(3)
    store.transact(() => store.sql.run('UPDATE item_engine_note_v1 SET pinned = 7 WHERE oid = 2'))
    expect(errorOf(() => idsOf(store, {}))).toMatchObject({ code: 'INTEGRITY' })
    const pinned = [...store.rowsOf(noteType(store), { lenient: true })].map(({ values }) => values['pinned'])
    expect(pinned).toEqual([false, 7, false])
  })

  it('tell what refers to an item, in any version of any type', () => {
    using store = numberedNotes(3)
    const [a, b] = store.query(Note).toArray() as [Note, Note]
    b.parent = a
    a.parent = a
    expect(
      [...store.referrersOf(1)].map(({ type, attribute, storeID }) => [type.typeName, attribute, storeID]),
    ).toEqual([
      ['engine_note', 'parent', 1],
      ['engine_note', 'parent', 2],
    ])
    expect([...store.referrersOf(3)]).toEqual([])
    expect(store.findTypeOf(2)?.typeName).toBe('engine_note')
    b.deleteFromStore()
    expect([store.findTypeOf(2), store.findTypeOf(99)]).toEqual([undefined, undefined])
  })
})

describe('a typed value in its stored form', () => {
  const attribute = (kind: string): AttributeOnDisk => ({
    ...{ name: 'x', kind, sqltype: '', indexed: false, allowNull: true, doc: '' },
  })

  it.each<[string, string, unknown]>([
    ['text', '', ''],
    ['path', 'a/b', 'a/b'],
    ['integer', '-9223372036854775808', -(2n ** 63n)],
    ['reference', '17', 17n],
    ['boolean', 'Yes', 1n],
    ['boolean', 'false', 0n],
    ['timestamp', '2009-01-02T03:04:05.678901Z', 1230865445678901n],
    ['ieee754_double', '-1.5e3', -1500],
    ['ieee754_double', '-Infinity', Number.NEGATIVE_INFINITY],
    ['bytes', '00fF', Buffer.from([0, 255])],
    ['textlist', '["a","b"]', '\u0002\u001fa\u001fb'],
    ['point2decimal', '1.5', 150n],
    ['money', '-0.0001', -1n],
    ['of the future', 'as it is', 'as it is'],
  ])('%s %j', (kind, typed, stored) => expect(parseStored(attribute(kind), typed)).toEqual(stored))

  it.each([
    ['integer', '1.5'],
    ['integer', '9223372036854775808'],
    ['money', '922337203685477.5808'],
    ['reference', 'alice'],
    ['boolean', 'maybe'],
    ['timestamp', 'yesterday'],
    ['ieee754_double', 'NaN'],
    ['bytes', 'abc'],
    ['textlist', 'a,b'],
    ['textlist', '[1]'],
    ['point2decimal', '0.001'],
    ['money', 'much'],
  ])('%s %j is none', (kind, typed) =>
    expect(errorOf(() => parseStored(attribute(kind), typed))).toMatchObject({ code: 'INVALID_INPUT' }),
  )
})
