import { describe, expect, it } from 'vitest'
import { CREATE_FENCE_TABLE } from '../../../src/store-engine/database/write-fence.js'
import { ConstraintError, ReadOnlyStoreError, StoreSealedError } from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { openElsewhere } from '../other-process.js'
import { Note, threeNotes, Witness } from '../test-items.js'

const namesOnDisk = (store: Store) => store.sql.pluck('SELECT name FROM item_engine_note_v1 ORDER BY oid')

describe('an open transaction', () => {
  it('keeps what was done in it once it is committed, and runs the callbacks then', () => {
    using store = Store.inMemory()
    const witness = store.create(Witness, { name: 'w' })
    witness.seen.length = 0
    const transaction = store.begin()
    witness.count = 7
    expect([store.inTransaction, transaction.isOpen, witness.seen]).toEqual([true, true, []])
    transaction.commit()
    expect([store.inTransaction, transaction.isOpen, witness.seen]).toEqual([false, false, ['committed 7']])
  })

  it('rolled back restores attributes, creations and deletions, on disk and in memory', () => {
    using store = Store.inMemory()
    const [a, b] = threeNotes(store) as [Note, Note]
    const transaction = store.begin()
    a.name = 'changed'
    a.parent = b
    b.deleteFromStore()
    const made = store.create(Note, { name: 'new' })
    expect(namesOnDisk(store)).toEqual(['changed', 'c', 'new'])
    expect(store.query(Note, { where: Note.name.equals('changed') }).ids()).toEqual([1])
    transaction.rollback()
    expect([a.name, a.parent, a.isStored, b.isStored, made.isStored]).toEqual(['a', null, true, true, false])
    expect(store.getItemById(1)).toBe(a)
    expect(store.getItemById(2)).toBe(b)
    expect(namesOnDisk(store)).toEqual(['a', 'b', 'c'])
  })

  it('is rolled back at the end of its block unless it was committed', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    {
      using transaction = store.begin()
      a.name = 'forgotten'
      expect(transaction.isOpen).toBe(true)
    }
    {
      using transaction = store.begin()
      a.name = 'kept'
      transaction.commit()
    }
    expect([a.name, store.inTransaction]).toEqual(['kept', false])
  })

  it('holds transactions of functions as savepoints', () => {
    using store = Store.inMemory()
    const [a, b] = threeNotes(store) as [Note, Note]
    using transaction = store.begin()
    a.name = 'before'
    store.transact(() => {
      b.name = 'inside'
    })
    expect(() =>
      store.transact(() => {
        a.name = b.name = 'undone'
        throw new Error('undo')
      }),
    ).toThrow('undo')
    expect([a.name, b.name]).toEqual(['before', 'inside'])
    transaction.rollback()
    expect([a.name, b.name]).toEqual(['a', 'b'])
  })

  it('inside another one is a savepoint, which goes with it', () => {
    using store = Store.inMemory()
    const [a, b] = threeNotes(store) as [Note, Note]
    const outer = store.begin()
    a.name = 'outer'
    const first = store.begin()
    b.name = 'first'
    first.rollback()
    expect([a.name, b.name]).toEqual(['outer', 'b'])
    const second = store.begin()
    const made = store.create(Note, { name: 'second' })
    expect(() => outer.commit()).toThrow(/while one inside it is open/)
    expect([outer.isOpen, second.isOpen]).toEqual([true, true])
    outer.rollback()
    expect([outer.isOpen, second.isOpen, store.inTransaction, made.isStored]).toEqual([false, false, false, false])
    expect(namesOnDisk(store)).toEqual(['a', 'b', 'c'])
  })

  it('left open by a function takes its transaction along', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    expect(() =>
      store.transact(() => {
        store.begin()
        a.name = 'nobody ends this'
      }),
    ).toThrow(ConstraintError)
    expect([a.name, store.inTransaction]).toEqual(['a', false])
  })

  it('ends once', () => {
    using store = Store.inMemory()
    const transaction = store.begin()
    transaction.commit()
    expect(() => transaction.commit()).toThrow(/ended already/)
    expect(() => transaction.rollback()).toThrow(/ended already/)
    expect(() => transaction[Symbol.dispose]()).not.toThrow()
  })

  it('is undone when its store is closed, and so is one of a function', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    const closed = Store.create(directory)
    const [a] = threeNotes(closed) as [Note]
    {
      using transaction = closed.begin()
      using inner = closed.begin()
      const made = closed.create(Note, { name: 'lost' })
      closed.close()
      expect([transaction.isOpen, inner.isOpen, closed.inTransaction, made.isStored]).toEqual([
        false,
        false,
        false,
        false,
      ])
      expect(() => transaction.commit()).toThrow(/ended already/)
    }
    using store = Store.open(directory)
    const again = Store.open(directory)
    const leave = () =>
      again.transact(() => {
        again.create(Note, { name: 'lost, too' })
        again.close()
      })
    expect(leave).toThrow(/ended already/)
    expect(namesOnDisk(store)).toEqual(['a', 'b', 'c'])
    const questions = [
      () => a.name,
      () => closed.query(Note).count(),
      () => closed.getItemById(1),
      () => closed.create(Note, { name: 'x' }),
      () => closed.begin(),
      () => closed.snapshot(() => 1),
      () => closed.sql.get('SELECT 1'),
    ]
    for (const ask of questions)
      expect(ask).toThrow(expect.objectContaining({ code: 'CONSTRAINT', message: `${directory} is closed` }))
  })

  it('that cannot be committed is rolled back', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    const transaction = store.begin()
    a.name = 'lost'
    store.sql.exec('DROP TABLE item_engine_note_v1')
    expect(() => transaction.commit()).toThrow(/no such table/)
    expect([transaction.isOpen, store.inTransaction, a.name]).toEqual([false, false, 'a'])
  })

  it('is refused where nothing can be written, and nothing has begun', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using writable = Store.create(directory)
    {
      using store = Store.open(directory, { readonly: true })
      expect(() => store.begin()).toThrow(ReadOnlyStoreError)
      expect(() => writable.snapshot(() => writable.begin())).toThrow(/no writing inside a snapshot/)
    }
    writable.transact(() => {
      writable.sql.exec(CREATE_FENCE_TABLE)
      writable.sql.run("INSERT INTO mantissa_fence VALUES (1, 's', 1, 'site', 'sealed', 'T', 0)")
    })
    expect(() => writable.begin()).toThrow(StoreSealedError)
    expect(writable.inTransaction).toBe(false)
  })

  it('lets no other process write, nor see what is not committed', async () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    using store = Store.create(directory)
    const [a] = threeNotes(store) as [Note]
    const other = await openElsewhere(directory)
    const transaction = store.begin()
    a.name = 'pending'
    expect(store.query(Note, { where: Note.name.equals('pending') }).count()).toBe(1)
    expect(await other.ask('SELECT name FROM item_engine_note_v1 WHERE oid = 1')).toBe('a')
    expect(await other.ask("UPDATE item_engine_note_v1 SET name = 'theirs' WHERE oid = 1")).toMatch(/BUSY/)
    transaction.rollback()
    expect(a.name).toBe('a')
    expect(await other.ask("UPDATE item_engine_note_v1 SET name = 'theirs' WHERE oid = 1")).toBe('ok')
    expect(store.findFirst(Note)).toBe(a)
    expect(a.name).toBe('theirs')
    await other.finish()
  })
})
