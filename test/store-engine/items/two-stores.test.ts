import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note, threeNotes, Witness } from '../test-items.js'

/** Two Store objects, as of two processes, on one file of three notes; waiting for the disk proves nothing here. */
function pair(journalMode: 'wal' | 'delete' = 'wal'): [Store, Store] {
  const directory = `${temporaryDirectory()}/a.axiom`
  const one = Store.create(directory, { journalMode })
  threeNotes(one)
  const two = Store.open(directory)
  for (const store of [one, two]) store.engine.connection.execute('PRAGMA synchronous = OFF')
  return [one, two]
}

const notesOf = (store: Store) => store.query(Note).toArray() as [Note, Note, Note]

const write = fc.record({
  by: fc.nat(1),
  note: fc.nat(2),
  what: fc.oneof(
    fc.record({ length: fc.nat(99) }),
    fc.record({ pinned: fc.boolean() }),
    fc.record({ length: fc.nat(99), pinned: fc.boolean() }),
  ),
  inTransaction: fc.boolean(),
})

describe('two Store objects on one file', () => {
  it.each(['wal', 'delete'] as const)('lose no write of each other, in transactions or outside (%s)', mode => {
    const [one, two] = pair(mode)
    const held = [notesOf(one), notesOf(two)] as const
    const model = held[0].map(({ length, pinned }) => ({ length, pinned }))
    fc.assert(
      fc.property(fc.array(write, { maxLength: 12 }), writes => {
        for (const { by, note, what, inTransaction } of writes) {
          const item = held[by as 0 | 1][note as 0]
          if (inTransaction) item.store.transact(() => Object.assign(item, what))
          else Object.assign(item, what)
          Object.assign(model[note] as object, what)
          for (const mine of held)
            mine[0].store.transact(() => expect(mine.map(({ length, pinned }) => ({ length, pinned }))).toEqual(model))
        }
      }),
      { numRuns: 60 },
    )
    one.close()
    two.close()
  })

  it('a write outside a transaction touches its own column, whatever is remembered of the others', () => {
    const [one, two] = pair()
    const [mine] = notesOf(one)
    const [theirs] = notesOf(two)
    expect([mine.name, mine.length]).toEqual(['a', 3])
    theirs.name = 'theirs'
    theirs.pinned = true
    mine.length = 4
    const row = 'SELECT name, length, pinned FROM item_engine_note_v1 WHERE oid = 1'
    expect(one.sql.get(row)).toEqual({ name: 'theirs', length: 4, pinned: 1 })
    expect([mine.name, mine.length, mine.pinned]).toEqual(['theirs', 4, true])
    one.close()
    two.close()
  })

  it('a transaction that fails leaves what the other one wrote before it began', () => {
    const [one, two] = pair()
    const [mine] = notesOf(one)
    const [theirs] = notesOf(two)
    theirs.name = 'theirs'
    const undone = () =>
      one.transact(() => {
        mine.name = 'mine'
        mine.length = 7
        throw new Error('undo')
      })
    expect(undone).toThrow('undo')
    expect([mine.name, mine.length, theirs.name]).toEqual(['theirs', 3, 'theirs'])
    one.close()
    two.close()
  })

  it('an item that the other one deleted takes no write, and comes back in no shape', () => {
    const [one, two] = pair()
    const [mine, , kept] = notesOf(one)
    notesOf(two)[0].deleteFromStore()
    const gone = expect.objectContaining({ code: 'ITEM_GONE' })
    expect(() => Object.assign(mine, { name: 'x' })).toThrow(gone)
    expect(() => one.transact(() => Object.assign(mine, { name: 'x' }))).toThrow(gone)
    expect(() => mine.deleteFromStore()).toThrow(gone)
    expect([mine.isStored, one.findItemById(1), one.query(Note).count(), kept.isStored]).toEqual([
      false,
      undefined,
      2,
      true,
    ])
    expect(two.create(Note, { name: 'd' }).storeID).toBe(4)
    one.close()
    two.close()
  })

  it('an item keeps its object and its memory while its row is read anew, and is activated once', () => {
    const [one, two] = pair()
    const made = two.create(Witness, { name: 'w' })
    const mine = one.findUnique(Witness)
    for (const count of [1, 2, 3]) {
      made.count = count
      one.transact(() => expect([one.findUnique(Witness), mine.count]).toEqual([mine, count]))
    }
    expect(mine.seen).toEqual(['activate w'])
    one.close()
    two.close()
  })

  it('a snapshot is of the moment at which it begins, not of the first question', () => {
    const [one, two] = pair()
    const [mine] = notesOf(one)
    one.snapshot(() => {
      notesOf(two)[0].name = 'later'
      two.create(Note, { name: 'd' })
      expect([one.query(Note).count(), mine.name, one.findFirst(Note)?.name]).toEqual([3, 'a', 'a'])
    })
    expect([one.query(Note).count(), mine.name]).toEqual([4, 'later'])
    one.close()
    two.close()
  })

  it('numbers that a rollback gave back belong to the next item alone', () => {
    const [one, two] = pair()
    const unborn: Note[] = []
    expect(() =>
      one.transact(() => {
        unborn.push(one.create(Note, { name: 'unborn' }))
        throw new Error('undo')
      }),
    ).toThrow('undo')
    const born = two.create(Witness, { name: 'born' })
    expect(born.storeID).toBe(unborn[0]?.storeID)
    expect(one.getItemById(born.storeID)).toBeInstanceOf(Witness)
    expect(unborn[0]?.isStored).toBe(false)
    expect(() => Object.assign(unborn[0] as Note, { name: 'x' })).toThrow(
      expect.objectContaining({ code: 'ITEM_GONE' }),
    )
    one.close()
    two.close()
  })
})
