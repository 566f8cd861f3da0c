import { symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findHolders } from '../../../src/store-engine/database/holders.js'
import { ConstraintError, StoreBusyError } from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { openElsewhere } from '../other-process.js'
import { Note, threeNotes, Witness } from '../test-items.js'

function storeOnDisk(journalMode: 'wal' | 'delete' = 'wal'): string {
  const directory = `${temporaryDirectory()}/a.axiom`
  using store = Store.create(directory, { journalMode })
  threeNotes(store)
  return directory
}

const onLinux = it.runIf(process.platform === 'linux')

describe('another process on the same store', () => {
  it.each(['wal', 'delete'] as const)(
    'holds the write lock: busy after the timeout, and nothing was written (%s)',
    async mode => {
      const directory = storeOnDisk(mode)
      const other = await openElsewhere(directory)
      expect(await other.ask('BEGIN IMMEDIATE')).toBe('ok')
      using store = Store.open(directory, { busyTimeout: 300 })
      let ran = false
      const began = performance.now()
      const write = () =>
        store.transact(() => {
          ran = true
        })
      expect(write).toThrow(StoreBusyError)
      expect(performance.now() - began).toBeGreaterThan(250)
      expect(performance.now() - began).toBeLessThan(3000)
      expect([ran, store.inTransaction, store.query(Note).count()]).toEqual([false, false, 3])
      expect(await other.ask('ROLLBACK')).toBe('ok')
      expect(store.create(Note, { name: 'd' }).storeID).toBe(4)
      await other.finish()
    },
  )

  it('reads a store with a rollback journal: a commit that has to wait too long is undone, in memory too', async () => {
    const directory = storeOnDisk('delete')
    const other = await openElsewhere(directory)
    await other.ask('BEGIN')
    expect(await other.ask('SELECT count(*) FROM item_engine_note_v1')).toBe('3')
    using store = Store.open(directory, { busyTimeout: 100 })
    const a = store.getItemById(1) as Note
    expect(() => Object.assign(a, { name: 'x' })).toThrow(StoreBusyError)
    expect(() => store.create(Note, { name: 'x' })).toThrow(StoreBusyError)
    expect([a.name, store.query(Note).count(), store.inTransaction]).toEqual(['a', 3, false])
    await other.ask('ROLLBACK')
    a.name = 'y'
    expect(await other.ask('SELECT name FROM item_engine_note_v1 WHERE oid = 1')).toBe('y')
  })

  onLinux('is named by the error, pid and command, also through a symbolic link', async () => {
    const directory = storeOnDisk()
    const link = `${temporaryDirectory()}/link.axiom`
    symlinkSync(directory, link)
    const other = await openElsewhere(directory)
    await other.ask('BEGIN IMMEDIATE')
    for (const path of [directory, link]) {
      using store = Store.open(path, { busyTimeout: 0 })
      expect(() => store.create(Note, { name: 'x' })).toThrow(
        expect.objectContaining({
          code: 'STORE_BUSY',
          message: expect.stringContaining(`(pid ${other.pid})`),
          details: { path, holders: [{ pid: other.pid, command: expect.stringContaining('node') }] },
        }),
      )
      const holders = findHolders(path).map(({ pid, isSelf }) => [pid, isSelf])
      expect(holders).toContainEqual([process.pid, true])
      expect(holders).toContainEqual([other.pid, false])
    }
    await other.finish()
    expect(findHolders(directory)).toEqual([])
  })

  it('has changed an item: it is never stale when a transaction begins', async () => {
    const directory = storeOnDisk()
    using store = Store.open(directory)
    const [a, b, c] = store.query(Note).toArray() as [Note, Note, Note]
    const other = await openElsewhere(directory)
    await other.ask("UPDATE item_engine_note_v1 SET name = 'theirs' WHERE oid = 1")
    await other.ask('DELETE FROM item_engine_note_v1 WHERE oid = 2')
    store.transact(() => {
      expect([a.name, b.isStored, c.name]).toEqual(['theirs', false, 'c'])
      expect(() => Object.assign(b, { name: 'x' })).toThrow(expect.objectContaining({ code: 'ITEM_GONE' }))
    })
    await other.ask("UPDATE item_engine_note_v1 SET length = 41, name = 'again' WHERE oid = 1")
    store.transact(() => {
      a.length = (a.length ?? 0) + 1
    })
    expect([a.length, a.name]).toEqual([42, 'again'])
    await other.finish()
  })

  it('has changed an item: a query after it returns the same object with the new values', async () => {
    const directory = storeOnDisk()
    using store = Store.open(directory)
    const a = store.getItemById(1) as Note
    const other = await openElsewhere(directory)
    await other.ask("UPDATE item_engine_note_v1 SET name = 'theirs' WHERE oid = 1")
    expect(store.findFirst(Note, Note.name.equals('theirs'))).toBe(a)
    expect(a.name).toBe('theirs')
    await other.ask("UPDATE item_engine_note_v1 SET name = 'again' WHERE oid = 1")
    expect((store.getItemById(1) as Note).name).toBe('again')
    await other.finish()
  })

  it('writes while a snapshot is read: all that is read belongs to one moment', async () => {
    const directory = storeOnDisk()
    using store = Store.open(directory)
    using second = Store.open(directory)
    const a = store.getItemById(1) as Note
    second.transact(() => Object.assign(second.getItemById(1) as Note, { name: 'before' }))
    store.snapshot(() => {
      expect(a.name).toBe('before')
      second.create(Note, { name: 'meanwhile' })
      Object.assign(second.getItemById(1) as Note, { name: 'after' })
      expect([store.query(Note).count(), a.name]).toEqual([3, 'before'])
      expect(() => store.create(Note, { name: 'x' })).toThrow(ConstraintError)
      expect(() => store.transact(() => 1)).toThrow(ConstraintError)
    })
    expect(store.query(Note).count()).toBe(4)
    expect(a.name).toBe('after')
  })

  it('has made the first item of a type: it is found by number, by query and by reference', () => {
    const directory = storeOnDisk()
    using one = Store.open(directory)
    using two = Store.open(directory)
    expect(one.query(Witness).count()).toBe(0)
    const made = two.create(Witness, { name: 'w' })
    const pointing = two.create(Note, { name: 'points', parent: made })
    expect(one.findItemById(made.storeID)).toBeInstanceOf(Witness)
    expect(one.query(Witness).first()?.name).toBe('w')
    expect((one.getItemById(pointing.storeID) as Note).parent).toBe(one.findUnique(Witness))
    expect(one.typesOnDisk()).toEqual(two.typesOnDisk())
  })

  it('has made a type that this store made too, and undid', () => {
    const directory = storeOnDisk()
    using one = Store.open(directory)
    using two = Store.open(directory)
    const undone = () =>
      one.transact(() => {
        one.create(Witness, { name: 'undone' })
        throw new Error('undo')
      })
    expect(undone).toThrow('undo')
    two.transact(() => two.sql.exec('CREATE TABLE mantissa_other (a)'))
    expect(one.create(Witness, { name: 'ours' }).name).toBe('ours')
    expect(undone).toThrow('undo')
    expect(two.findUnique(Witness).name).toBe('ours')
  })

  it('makes the store busy for a second Store object of this process, too', () => {
    const directory = storeOnDisk()
    using one = Store.open(directory)
    using two = Store.open(directory, { busyTimeout: 20 })
    one.transact(() => {
      expect(() => two.create(Note, { name: 'x' })).toThrow(StoreBusyError)
      expect(two.query(Note).count()).toBe(3)
    })
    expect(two.create(Note, { name: 'x' }).storeID).toBe(4)
  })
})
