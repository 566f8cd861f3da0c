import { describe, expectTypeOf, it } from 'vitest'
import { integer, text } from '../../../src/store-engine/attributes/attributes.js'
import type { Decimal } from '../../../src/store-engine/attributes/decimal.js'
import { reference } from '../../../src/store-engine/attributes/reference.js'
import type { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { type Item, item } from '../../../src/store-engine/items/item.js'
import type { Column } from '../../../src/store-engine/queries/column.js'
import { ColumnTuple } from '../../../src/store-engine/queries/column-tuple.js'
import { and } from '../../../src/store-engine/queries/comparison.js'
import { placeholder } from '../../../src/store-engine/queries/placeholder.js'
import { inRange } from '../../../src/store-engine/queries/ranges.js'
import { Store } from '../../../src/store-engine/store.js'
import { Everything, FixtureNode } from '../fixture-items.js'
import { Note } from '../test-items.js'

/** Never called: these are sentences for the compiler, which `tsc -p test/tsconfig.json` reads. */
function misuse(store: Store, note: Note): void {
  // @ts-expect-error a misspelt attribute
  note.nmae
  // @ts-expect-error null where it is not allowed
  note.name = null
  // @ts-expect-error a number is no text
  note.name = 7
  // @ts-expect-error the storeID is given once
  note.storeID = 3
  // @ts-expect-error an attribute that must be given
  store.create(Note, {})
  // @ts-expect-error an attribute that the type does not have
  store.create(Note, { name: 'a', colour: 'red' })
  // @ts-expect-error a bigint attribute takes no number
  store.create(Everything, { notNone: '', anInteger: 7 })
  // @ts-expect-error a timestamp is no Date
  store.create(Everything, { notNone: '', aTimestamp: new Date() })
  // @ts-expect-error the owner of a node is an Everything
  store.create(FixtureNode, { name: 'a', owner: note })
  // @ts-expect-error compared with another type of value
  Note.length.equals('three')
  // @ts-expect-error numbers match no patterns
  Note.length.like('3%')
  // @ts-expect-error null has no order
  Note.length.lessThan(null)
  // @ts-expect-error columns of different types
  Note.length.equals(Note.name)
  // @ts-expect-error no such column
  store.query(Note, { sort: Note.nmae.ascending })
  // @ts-expect-error only numbers and decimals have a sum
  store.query(Note).sum(Note.name)
  // @ts-expect-error a list of another type of value
  Note.length.oneOf(['three'])
  // @ts-expect-error a query about a column of another type of value
  Note.length.oneOf(store.query(Note).column(Note.name))
  // @ts-expect-error items are no names
  Note.name.oneOf(store.query(Note))
  // @ts-expect-error a number is no storeID
  Note.parent.equals(Note.length)
  // @ts-expect-error a pattern is made of text
  Note.name.startsWith(Note.length)
  // @ts-expect-error a range of numbers holds no text
  inRange(Note.length, Note.length, 'three')
  // @ts-expect-error a tuple of a text and a number
  new ColumnTuple(Note.name, Note.length).lessThan(['a', 'b'])
  // @ts-expect-error text has no mean
  store.query(Note).column(Note.name).average()
  // @ts-expect-error references have no order
  store.query(Note).min(Note.parent)
  // @ts-expect-error a list has no greatest
  store.query(Everything).max(Everything.aTextList)
  // @ts-expect-error a misspelt column
  store.query(Note).columns(Note.name, Note.lenght)
  // @ts-expect-error rows of several are not deleted
  store.query([Note, Everything], { where: Note.name.equals(Everything.notNone) }).deleteFromStore()
  // @ts-expect-error a placeholder has the columns of its class
  placeholder(Note).nmae
  // @ts-expect-error a list that was read is not changed
  store.findUnique(Everything).aTextList?.push('x')
  // @ts-expect-error a compound index over attributes that exist
  item({ typeName: 'x', version: 1, module: 'm', attributes: { a: text() }, indexes: [['a', 'b']] })
  // @ts-expect-error a default of another type
  text({ default: 3 })
  // @ts-expect-error items are made by their store
  new Note()
}

describe('types', () => {
  it('attributes flow into the items', () => {
    expectTypeOf(misuse).toBeFunction()
    expectTypeOf<Note['name']>().toEqualTypeOf<string>()
    expectTypeOf<Note['length']>().toEqualTypeOf<number | null>()
    expectTypeOf<Note['pinned']>().toEqualTypeOf<boolean>()
    expectTypeOf<Note['parent']>().toEqualTypeOf<Item | Store | null>()
    expectTypeOf<Everything['anInteger']>().toEqualTypeOf<bigint | null>()
    expectTypeOf<Everything['aTimestamp']>().toEqualTypeOf<Timestamp | null>()
    expectTypeOf<Everything['aMoney']>().toEqualTypeOf<Decimal | null>()
    expectTypeOf<Everything['someBytes']>().toEqualTypeOf<Uint8Array | null>()
    expectTypeOf<Everything['aTextList']>().toEqualTypeOf<readonly string[] | null>()
    expectTypeOf<FixtureNode['owner']>().toEqualTypeOf<Everything | null>()
    expectTypeOf<Note['storeID']>().toEqualTypeOf<number>()
  })

  it('and into the columns and what queries return', () => {
    using store = Store.inMemory()
    expectTypeOf(Note.length).toExtend<Column<number>>()
    expectTypeOf(Everything.aTimestamp).toExtend<Column<Timestamp>>()
    expectTypeOf(store.findFirst(Note)).toEqualTypeOf<Note | undefined>()
    expectTypeOf(store.query(Note).toArray()).toEqualTypeOf<Note[]>()
    expectTypeOf(store.query(Everything).sum(Everything.aMoney)).toEqualTypeOf<Decimal>()
    expectTypeOf(store.query(Everything).sum(Everything.anInteger)).toEqualTypeOf<bigint>()
    expectTypeOf(store.transact(() => 7)).toEqualTypeOf<number>()
  })

  it('and into joins, columns and what they sum up to', () => {
    using store = Store.inMemory()
    const other = placeholder(Note)
    const where = and(Note.name.equals(Everything.notNone), other.parent.equals(Note.storeID))
    const rows = store.query([Note, Everything, other], { where })
    expectTypeOf(rows.first()).toEqualTypeOf<[Note, Everything, Note] | undefined>()
    expectTypeOf(rows.paginate(10)).toEqualTypeOf<Iterable<[Note, Everything, Note][]>>()
    expectTypeOf(store.query(other).toArray()).toEqualTypeOf<Note[]>()
    const all = store.query(Everything)
    expectTypeOf(store.query(Note).column(Note.name).toArray()).toEqualTypeOf<string[]>()
    expectTypeOf(store.query(Note).column(Note.length).toArray()).toEqualTypeOf<(number | null)[]>()
    expectTypeOf(rows.columns(Note.storeID, Note.length, other.pinned).toArray).returns.toEqualTypeOf<
      [number, number | null, boolean][]
    >()
    expectTypeOf(all.column(Everything.aMoney).average()).toEqualTypeOf<Decimal | undefined>()
    expectTypeOf(all.average(Everything.anInteger)).toEqualTypeOf<number | undefined>()
    expectTypeOf(all.max(Everything.aTimestamp)).toEqualTypeOf<Timestamp | undefined>()
    expectTypeOf(all.column(Everything.aText).min(7)).toEqualTypeOf<string | number>()
    expectTypeOf(Note.parent.oneOf).toBeCallableWith(all)
    expectTypeOf(Note.storeID.oneOf).toBeCallableWith(store.query(Note).column(Note.parent))
  })

  it('a reference that may not be null must be given and is never null', () => {
    const strict = { typeName: 'engine_strict', version: 1, module: 'axiom.item' } as const
    class Strict extends item({
      ...strict,
      attributes: {
        note: reference(() => Note, { allowNull: false }),
        count: integer({ allowNull: false, default: 0 }),
      },
    }) {}
    expectTypeOf<Strict['note']>().toEqualTypeOf<Note>()
    type Given = Parameters<typeof Store.prototype.create<typeof Strict>>[1]
    expectTypeOf<Given>().toExtend<{ note: Note; count?: number | undefined }>()
    expectTypeOf<{ count: number }>().not.toExtend<Given>()
  })
})
