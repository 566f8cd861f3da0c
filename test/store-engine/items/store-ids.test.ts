import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { Store } from '../../../src/store-engine/store.js'
import { cloneFixture } from '../../support/fixtures.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note, threeNotes } from '../test-items.js'

function vacuum(directory: string): void {
  const database = new Database(join(directory, 'db.sqlite'))
  database.exec('VACUUM')
  database.close()
}

describe('storeIDs', () => {
  it('a deleted item leaves a tombstone and its storeID never comes back', () => {
    using store = Store.inMemory()
    const notes = threeNotes(store)
    for (const note of notes) note.deleteFromStore()
    expect(store.sql.all('SELECT oid, type_id FROM axiom_objects')).toEqual(
      [1, 2, 3].map(oid => ({ oid, type_id: -1 })),
    )
    expect(store.sql.value('SELECT count(*) FROM item_engine_note_v1')).toBe(0)
    expect(store.create(Note, { name: 'd' }).storeID).toBe(4)
    expect(store.findItemById(2)).toBeUndefined()
    expect(() => store.getItemById(2)).toThrow(expect.objectContaining({ code: 'ITEM_NOT_FOUND' }))
  })

  it('behaviour 46: VACUUM after deletion corrupts nothing and frees no storeID', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    {
      using store = Store.create(directory)
      const [a, b, c] = threeNotes(store)
      if (c !== undefined && b !== undefined) c.parent = b
      a?.deleteFromStore()
      c?.deleteFromStore()
    }
    vacuum(directory)
    using store = Store.open(directory)
    expect((store.getItemById(2) as Note).name).toBe('b')
    expect(store.create(Note, { name: 'd' }).storeID).toBe(4)
    expect(store.query(Note).ids()).toEqual([2, 4])
  })

  it('even when all tombstones are swept away, AUTOINCREMENT remembers', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    {
      using store = Store.create(directory)
      store.query(Note).deleteFromStore()
      for (const note of threeNotes(store)) note.deleteFromStore()
      store.transact(() => store.sql.run('DELETE FROM axiom_objects'))
    }
    vacuum(directory)
    using store = Store.open(directory)
    expect(store.create(Note, { name: 'd' }).storeID).toBe(4)
  })

  it('an id of a rolled-back transaction is given again, and the old object stays dead', () => {
    using store = Store.inMemory()
    const lost: Note[] = []
    expect(() =>
      store.transact(() => {
        lost.push(store.create(Note, { name: 'lost' }))
        throw new Error('undo')
      }),
    ).toThrow('undo')
    const kept = store.create(Note, { name: 'kept' })
    expect([kept.storeID, lost[0]?.storeID]).toEqual([1, 1])
    expect(lost[0]?.isStored).toBe(false)
    expect(store.getItemById(1)).toBe(kept)
    expect(() => lost[0]?.deleteFromStore()).toThrow(expect.objectContaining({ code: 'ITEM_GONE' }))
    expect(() => Object.assign(lost[0] as Note, { name: 'x' })).toThrow(expect.objectContaining({ code: 'ITEM_GONE' }))
    expect(kept.name).toBe('kept')
  })

  it('an item created and deleted in one transaction is not found', () => {
    using store = Store.inMemory()
    const id = store.transact(() => {
      const note = store.create(Note, { name: 'short' })
      note.deleteFromStore()
      return note.storeID
    })
    expect(store.findItemById(id)).toBeUndefined()
    expect(() => store.getItemById(0)).toThrow(expect.objectContaining({ code: 'ITEM_NOT_FOUND' }))
  })

  it('−1 is the store itself', () => {
    using store = Store.inMemory()
    const note = store.create(Note, { name: 'a', parent: store })
    expect(store.getItemById(-1)).toBe(store)
    expect(note.parent).toBe(store)
    expect(store.sql.value('SELECT parent FROM item_engine_note_v1')).toBe(-1)
    expect(store.query(Note, { where: Note.parent.equals(store) }).first()).toBe(note)
  })

  it("the real site's deleted items are not found and their ids are not used again", () => {
    const dave = join(cloneFixture('divmod-site.axiom'), 'files/account/example.org/dave.axiom')
    using store = Store.open(dave)
    const dead = store.sql.pluck<number>('SELECT oid FROM axiom_objects WHERE type_id = -1')
    expect(dead).toHaveLength(10)
    for (const id of dead) expect(store.findItemById(id)).toBeUndefined()
    const last = store.sql.value<number>('SELECT max(oid) FROM axiom_objects') ?? 0
    expect(store.create(Note, { name: 'new' }).storeID).toBe(last + 1)
  })

  it('one storeID, one object, for as long as anybody holds it', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store)
    expect(store.getItemById(1)).toBe(a)
    expect(store.findFirst(Note, Note.name.equals('a'))).toBe(a)
    expect([...store.query(Note)][0]).toBe(a)
  })
})
