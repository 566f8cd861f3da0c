import { describe, expect, it } from 'vitest'
import { integer, text } from '../../../src/store-engine/attributes/attributes.js'
import { ConstraintError } from '../../../src/store-engine/errors.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { Store } from '../../../src/store-engine/store.js'
import { Everything } from '../fixture-items.js'
import { Note, threeNotes, Witness } from '../test-items.js'

/** Fails in the callback that its name says. */
class Fragile extends item({
  typeName: 'engine_fragile',
  version: 1,
  module: 'axiom.item',
  attributes: { fails: text({ allowNull: false }) },
}) {
  override activate(): void {
    if (this.fails === 'activate') throw new Error('activate')
  }
  override stored(): void {
    this.store.create(Note, { name: 'made by stored' })
    if (this.fails === 'stored') throw new Error('stored')
  }
  override committed(): void {
    if (this.fails === 'committed') throw new Error('committed')
    if (this.fails === 'writes') this.store.create(Note, { name: 'too late' })
  }
}
registerItemTypes(Fragile)

describe('callbacks of items', () => {
  it('activate at every load, stored once, committed after each commit that touched the item, deleted at the end', () => {
    using store = Store.inMemory()
    const witness = store.create(Witness, { name: 'w' })
    expect(witness.seen.splice(0)).toEqual(['activate w', 'stored', 'committed 0'])
    store.transact(() => {
      witness.count = 1
      witness.count = 2
      store.transact(() => {
        witness.count = 3
      })
      expect(witness.seen).toEqual([])
    })
    expect(witness.seen.splice(0)).toEqual(['committed 3'])
    witness.deleteFromStore()
    expect(witness.seen).toEqual(['deleted'])
  })

  it('nothing is told of a transaction that was rolled back, nor of a savepoint', () => {
    using store = Store.inMemory()
    const witness = store.create(Witness, {})
    witness.seen.splice(0)
    const undo = () =>
      store.transact(() => {
        witness.count = 9
        witness.deleteFromStore()
        throw new Error('undo')
      })
    expect(undo).toThrow('undo')
    store.transact(() => expect(undo).toThrow('undo'))
    expect([witness.seen, witness.count, witness.isStored]).toEqual([[], 0, true])
  })

  it('a loaded item is activated and not stored; batchInsert does neither', () => {
    using store = Store.inMemory()
    store.batchInsert(Witness, [{ name: 'x' }])
    expect(store.findUnique(Witness).seen).toEqual(['activate x'])
  })

  it.each(['activate', 'stored'])('a failing %s() leaves no item, in a transaction that goes on', fails => {
    using store = Store.inMemory()
    store.transact(() => {
      store.create(Note, { name: 'before' })
      expect(() => store.create(Fragile, { fails })).toThrow(fails)
      expect([store.query(Fragile).count(), store.query(Note).count()]).toEqual([0, 1])
    })
    expect(() => store.create(Fragile, { fails })).toThrow(fails)
    expect([store.query(Fragile).count(), store.query(Note).count()]).toEqual([0, 1])
  })

  it('a failing activate() at loading is told each time, and hides nothing', () => {
    using store = Store.inMemory()
    store.batchInsert(Fragile, [{ fails: 'activate' }])
    for (const _ of [1, 2]) expect(() => store.getItemById(1)).toThrow('activate')
  })

  it('a failing committed() reaches the caller although the data are there', () => {
    using store = Store.inMemory()
    expect(() => store.create(Fragile, { fails: 'committed' })).toThrow('committed')
    expect([store.query(Fragile).count(), store.inTransaction]).toEqual([1, false])
    expect(() => store.create(Fragile, { fails: 'writes' })).toThrow(ConstraintError)
    expect(store.query(Note, { where: Note.name.equals('too late') }).count()).toBe(0)
    expect(store.create(Note, { name: 'afterwards' }).isStored).toBe(true)
  })
})

/** Writes down what all of its kind are told, in order; fails where its name asks for it. */
class Teller extends item({
  typeName: 'engine_teller',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text({ allowNull: false }), count: integer({ default: 0 }) },
}) {
  static told: string[] = []
  #tell(what: string): void {
    Teller.told.push(`${what} ${this.name}`)
  }
  override activate(): void {
    this.#tell('activate')
  }
  override stored(): void {
    this.#tell('stored')
  }
  override committed(): void {
    this.#tell('committed')
    if (this.name.startsWith('bad')) throw new Error(`committed ${this.name}`)
  }
  override deleted(): void {
    this.#tell('deleted')
    if (this.name === 'stubborn') throw new Error('deleted stubborn')
  }
}
registerItemTypes(Teller)

describe('the callbacks of one commit', () => {
  const listen = () => Teller.told.splice(0)

  it('come in the order in which items were touched, each once, those of deletions last', () => {
    using store = Store.inMemory()
    const [a, b, c] = ['a', 'b', 'c'].map(name => store.create(Teller, { name })) as [Teller, Teller, Teller]
    expect(listen()).toEqual(
      ['a', 'b', 'c'].flatMap(name => ['activate', 'stored', 'committed'].map(what => `${what} ${name}`)),
    )
    store.transact(() => {
      c.count = 1
      store.transact(() => Object.assign(a, { count: 2 }))
      c.count = 3
      store.create(Teller, { name: 'd' })
      b.count = 4
      b.deleteFromStore()
      store.create(Teller, { name: 'e' }).deleteFromStore()
      expect(listen()).toEqual(['activate d', 'stored d', 'activate e', 'stored e'])
    })
    expect(listen()).toEqual(['committed c', 'committed a', 'committed d', 'deleted b', 'deleted e'])
  })

  it('all run, whatever one of them throws; the first error reaches the caller and the data are there', () => {
    using store = Store.inMemory()
    listen()
    const doomed = ['stubborn', 'last'].map(name => store.create(Teller, { name }))
    listen()
    const all = () =>
      store.transact(() => {
        for (const name of ['bad one', 'good', 'bad two', 'better']) store.create(Teller, { name })
        for (const each of doomed) each.deleteFromStore()
        listen()
      })
    expect(all).toThrow('committed bad one')
    expect(listen()).toEqual([
      ...['bad one', 'good', 'bad two', 'better'].map(name => `committed ${name}`),
      'deleted stubborn',
      'deleted last',
    ])
    expect([store.query(Teller).count(), store.inTransaction]).toEqual([4, false])
    store.create(Teller, { name: 'afterwards' })
    expect(listen()).toEqual(['activate afterwards', 'stored afterwards', 'committed afterwards'])
  })
})

describe('items', () => {
  it('describe themselves, references by number', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    a.parent = store
    expect(String(a)).toBe('Note(length=3, name="a", parent=reference(-1), pinned=0, storeID=1)')
    const each = store.create(Everything, { notNone: 'x', anInteger: 2n ** 63n - 1n, someBytes: Buffer.from('abc') })
    expect(String(each)).toMatch(
      /^Everything\(.*anInteger=9223372036854775807, notNone="x", someBytes=3 bytes, storeID=4\)$/,
    )
  })

  it('a deleted or unborn item refuses changes, and the error tells no values', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    a.name = 'a secret'
    a.deleteFromStore()
    const change = () => Object.assign(a, { length: 5 })
    for (const act of [change, () => a.deleteFromStore()])
      expect(act).toThrow(
        expect.objectContaining({ code: 'ITEM_GONE', message: expect.not.stringContaining('secret') }),
      )
    expect(() => store.create(Note, { name: 'x', parent: a })).toThrow(ConstraintError)
  })

  it('two classes cannot be one type, and attributes that a type lacks are refused', () => {
    const double = item({ typeName: 'engine_note', version: 1, module: 'axiom.item', attributes: {} })
    expect(() => registerItemTypes(double)).toThrow(expect.objectContaining({ code: 'ITEM_TYPE_TAKEN' }))
    using store = Store.inMemory()
    // @ts-expect-error no such attribute
    expect(() => store.create(Note, { name: 'x', colour: 'red' })).toThrow(/has no attribute colour/)
    expect(store.typesOnDisk()).toEqual([])
  })

  it('defaults are applied at creation, made anew each time, and not by SQLite', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    expect([a.length, a.pinned, a.parent]).toEqual([3, false, null])
    expect(store.create(Note, { name: 'n', length: null }).length).toBeNull()
    expect(store.create(Note, { name: 'n', length: undefined }).length).toBe(3)
  })
})
