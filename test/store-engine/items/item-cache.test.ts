import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { ItemGoneError } from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { Note, numberedNotes } from '../test-items.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

describe('the identity of items', () => {
  it('holds over several ways to them, for neighbours and for items far apart', () => {
    using store = numberedNotes(3000)
    const first = store.query(Note).toArray()
    const sorted = store.query(Note, { sort: Note.length.descending }).toArray()
    expect(sorted.toReversed().every((note, index) => note === first[index])).toBe(true)
    expect(first.every(note => store.getItemById(note.storeID) === note)).toBe(true)
  })

  it('is new for a storeID that comes again after a rollback', () => {
    using store = Store.inMemory()
    store.create(Note, { name: 'before' })
    let unborn: Note | undefined
    const undo = () =>
      store.transact(() => {
        unborn = store.create(Note, { name: 'unborn' })
        throw new Error('undo')
      })
    expect(undo).toThrow('undo')
    const born = store.create(Note, { name: 'born' })
    expect([born.storeID, born === unborn, born.name, unborn?.isStored]).toEqual([2, false, 'born', false])
    expect(store.getItemById(2)).toBe(born)
  })

  it('is new as well for a row that was inserted without an item, however it is met again', () => {
    using store = Store.inMemory()
    const ghosts: Note[] = []
    const undo = () =>
      store.transact(() => {
        store.batchInsert(Note, [{ name: 'ghost' }, { name: 'ghost' }])
        ghosts.push(...store.query(Note, { where: Note.name.equals('ghost') }))
        throw new Error('undo')
      })
    expect(undo).toThrow('undo')
    const born = store.create(Note, { name: 'born' })
    store.batchInsert(Note, [{ name: 'inserted' }])
    const inserted = store.findUnique(Note, Note.name.equals('inserted'))
    store.engine.cache.distrust()
    expect(ghosts.map(ghost => [ghost.storeID, ghost.isStored])).toEqual([
      [1, false],
      [2, false],
    ])
    expect(() => Object.assign(ghosts[0] as Note, { name: 'haunted' })).toThrow(ItemGoneError)
    expect([store.getItemById(1), store.getItemById(2)]).toEqual([born, inserted])
    expect([born.name, inserted.name, inserted === ghosts[1]]).toEqual(['born', 'inserted', false])
  })

  it('costs no memory for items that nobody holds', async () => {
    using store = numberedNotes(3000)
    const held = store.getItemById(1)
    const seen = store
      .query(Note)
      .toArray()
      .map(note => new WeakRef(note))
    await setImmediate()
    collect()
    await setImmediate()
    const left = seen.filter(each => each.deref() !== undefined)
    // Neighbours of what is held, or of what was asked for last, are let go later.
    expect(left.length).toBeLessThanOrEqual(16)
    expect(store.getItemById(1)).toBe(held)
    expect(store.query(Note).count()).toBe(3000)
  })
})
