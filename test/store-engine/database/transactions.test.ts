import { describe, expect, it } from 'vitest'
import { ConstraintError } from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { Note, threeNotes } from '../test-items.js'

function undone(store: Store, deed: () => void): void {
  const error = new Error('undo')
  expect(() =>
    store.transact(() => {
      deed()
      throw error
    }),
  ).toThrow(error)
}

const onDisk = (store: Store, column: string) =>
  store.sql.pluck(`SELECT ${column} FROM item_engine_note_v1 ORDER BY oid`)

describe('transactions', () => {
  it('return what the function returns, and know whether one is open', () => {
    using store = Store.inMemory()
    expect(store.inTransaction).toBe(false)
    expect(store.transact(() => store.inTransaction && 'inside')).toBe('inside')
    expect(store.inTransaction).toBe(false)
  })

  it('behaviour 140: a failed transaction restores attributes in memory and on disk', () => {
    using store = Store.inMemory()
    const [a, b] = threeNotes(store) as [Note, Note]
    undone(store, () => {
      a.name = 'changed'
      a.parent = b
      b.length = 99
      expect([a.name, a.parent, b.length]).toEqual(['changed', b, 99])
      expect(store.findFirst(Note, Note.name.equals('changed'))).toBe(a)
    })
    expect([a.name, a.parent, b.length]).toEqual(['a', null, 3])
    expect(onDisk(store, 'name')).toEqual(['a', 'b', 'c'])
  })

  it('behaviour 140: created items are unborn, deleted ones are back', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    const made: Note[] = []
    undone(store, () => {
      made.push(store.create(Note, { name: 'new' }))
      a.deleteFromStore()
      expect([a.isStored, store.query(Note).count()]).toEqual([false, 3])
    })
    expect([a.isStored, made[0]?.isStored]).toEqual([true, false])
    expect(store.getItemById(1)).toBe(a)
    a.name = 'still writable'
    expect(onDisk(store, 'name')).toEqual(['still writable', 'b', 'c'])
  })

  it('an inner failure that is caught undoes the inner changes only, at any depth', () => {
    using store = Store.inMemory()
    const [a, b, c] = threeNotes(store) as [Note, Note, Note]
    store.transact(() => {
      a.name = 'outer'
      undone(store, () => {
        a.name = 'inner'
        b.name = 'inner'
        store.transact(() => {
          c.name = 'innermost, released'
        })
        undone(store, () => {
          b.name = 'innermost'
          c.deleteFromStore()
        })
        expect([b.name, c.name]).toEqual(['inner', 'innermost, released'])
      })
      expect([a.name, b.name, c.name]).toEqual(['outer', 'b', 'c'])
    })
    expect(onDisk(store, 'name')).toEqual(['outer', 'b', 'c'])
  })

  it('an item made by a released savepoint is unborn when the outer transaction fails', () => {
    using store = Store.inMemory()
    const made: Note[] = []
    undone(store, () => {
      made.push(store.transact(() => store.create(Note, { name: 'inner' })))
      undone(store, () => made[0]?.deleteFromStore())
      expect(made[0]?.isStored).toBe(true)
    })
    expect(made[0]?.isStored).toBe(false)
  })

  it('several changes of one item are one UPDATE of the changed columns, visible to queries before', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    store.transact(() => {
      a.length = 1
      a.length = 2
      store.sql.run("UPDATE item_engine_note_v1 SET name = 'behind' WHERE oid = 1")
      expect(store.query(Note, { where: Note.length.equals(2) }).ids()).toEqual([1])
    })
    expect(onDisk(store, 'length')).toEqual([2, 3, 3])
    expect(onDisk(store, 'name')[0]).toBe('behind')
  })

  it('outside a transaction an assignment is written at once', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    a.length = 5
    expect(onDisk(store, 'length')).toEqual([5, 3, 3])
  })

  it('a refused value changes nothing, and the transaction can go on', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    store.transact(() => {
      a.length = 4
      expect(() => Object.assign(a, { length: 1.5 })).toThrow(ConstraintError)
      expect(() => Object.assign(a, { name: null })).toThrow(ConstraintError)
    })
    expect([a.length, a.name]).toEqual([4, 'a'])
  })

  it('a row that SQLite refuses leaves no object behind, in a transaction that goes on', () => {
    using store = Store.inMemory()
    threeNotes(store)
    store.transact(() => store.sql.exec('CREATE UNIQUE INDEX by_a_stranger ON item_engine_note_v1(name)'))
    store.transact(() => {
      expect(() => store.create(Note, { name: 'a' })).toThrow(/UNIQUE/)
      store.create(Note, { name: 'd' })
    })
    expect(onDisk(store, 'name')).toEqual(['a', 'b', 'c', 'd'])
    expect(store.sql.value('SELECT count(*) FROM axiom_objects')).toBe(4)
  })

  it('an async function is refused before it has run, a promise after', async () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    const ran: string[] = []
    const asynchronous = async () => {
      ran.push('ran')
    }
    expect(() => store.transact(asynchronous)).toThrow(ConstraintError)
    expect(() => store.snapshot(asynchronous)).toThrow(ConstraintError)
    const promising = () => {
      a.name = 'never'
      return Promise.reject(new Error('nobody waits for this'))
    }
    expect(() => store.transact(promising)).toThrow(/outlive the commit/)
    expect(() => store.transact(() => store.transact(promising))).toThrow(/outlive the commit/)
    await new Promise(setImmediate)
    expect([ran, a.name, store.inTransaction]).toEqual([[], 'a', false])
  })

  it('plain SQL writes inside transactions only, and is undone with them', () => {
    using store = Store.inMemory()
    expect(() => store.sql.run('DELETE FROM axiom_objects')).toThrow(ConstraintError)
    expect(() => store.sql.exec('CREATE TABLE mantissa_x (a)')).toThrow(ConstraintError)
    for (const beginning of ['', 'WITH gone AS (SELECT 1) '])
      expect(() => store.sql.all(`${beginning}DELETE FROM axiom_objects RETURNING oid`)).toThrow(ConstraintError)
    undone(store, () => store.sql.exec('CREATE TABLE mantissa_x (a)'))
    store.transact(() => {
      store.sql.exec('CREATE TABLE mantissa_x (a, b)')
      expect(store.sql.run('INSERT INTO mantissa_x VALUES (?, ?)', true, 2n ** 60n)).toMatchObject({ changes: 1 })
    })
    expect(store.sql.get('SELECT * FROM mantissa_x')).toEqual({ a: 1, b: 2n ** 60n })
  })
})
