import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { DiskFullError } from '../../../src/store-engine/database/sqlite-errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { mountSmallDisk, type SmallDisk } from '../small-disk.js'
import { Note, threeNotes } from '../test-items.js'
import { errorOf } from '../unharmed.js'

function smallDisk(context: TestContext, kibibytes = 1024): SmallDisk {
  const disk = mountSmallDisk(kibibytes)
  if (disk === undefined) context.skip('mounting a small file system is not permitted here')
  return disk as SmallDisk
}

function tooMuch(store: Store): void {
  for (let index = 0; index < 3000; index += 1) store.create(Note, { name: `${index} ${'x'.repeat(900)}` })
}

describe('a full disk', () => {
  it.for(['wal', 'delete'] as const)(
    'undoes the transaction on disk and in memory, and the store lives on (%s)',
    (journalMode, context) => {
      const disk = smallDisk(context)
      using store = Store.create(join(disk.directory, 'a.axiom'), { journalMode })
      const [a] = threeNotes(store) as [Note]
      const made: Note[] = []
      const error = errorOf(() =>
        store.transact(() => {
          a.name = 'changed'
          made.push(store.create(Note, { name: 'made' }))
          tooMuch(store)
        }),
      )
      expect(error).toBeInstanceOf(DiskFullError)
      expect(error).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('a.axiom') })
      expect([a.name, made[0]?.isStored, store.query(Note).count(), store.inTransaction]).toEqual([
        'a',
        false,
        3,
        false,
      ])
      store.close()
      using again = Store.open(join(disk.directory, 'a.axiom'))
      expect(
        again
          .query(Note)
          .toArray()
          .map(note => note.name),
      ).toEqual(['a', 'b', 'c'])
      expect(again.create(Note, { name: 'd' }).storeID).toBe(4)
      expect(again.sql.value('PRAGMA integrity_check')).toBe('ok')
    },
  )

  it.for(['wal', 'delete'] as const)(
    'an inner transaction that failed and was caught leaves no half behind (%s)',
    (journalMode, context) => {
      const disk = smallDisk(context)
      using store = Store.create(join(disk.directory, 'a.axiom'), { journalMode })
      // With a small cache SQLite meets the end of the disk in the middle, not at the commit.
      store.engine.connection.execute('PRAGMA cache_size = 20')
      threeNotes(store)
      const error = errorOf(() =>
        store.transact(() => {
          store.create(Note, { name: 'before' })
          expect(errorOf(() => store.transact(() => tooMuch(store)))).toBeInstanceOf(DiskFullError)
          store.create(Note, { name: 'after' })
          store.transact(() => store.create(Note, { name: 'nested after' }))
        }),
      )
      const names = store
        .query(Note)
        .toArray()
        .map(note => note.name)
      expect(error).toBeInstanceOf(DiskFullError)
      expect(names).toEqual(['a', 'b', 'c'])
      expect(store.sql.value('SELECT count(*) FROM axiom_objects')).toBe(names.length)
    },
  )

  it('creating a store leaves nothing behind', context => {
    const disk = smallDisk(context)
    disk.fill(8000)
    expect(errorOf(() => Store.create(join(disk.directory, 'a.axiom')))).toBeInstanceOf(DiskFullError)
    expect(readdirSync(disk.directory)).toEqual(['ballast'])
    rmSync(join(disk.directory, 'ballast'))
    Store.create(join(disk.directory, 'a.axiom')).close()
  })

  it('writing a file of a store leaves the old one, and nothing after abort', context => {
    const disk = smallDisk(context)
    using store = Store.create(join(disk.directory, 'a.axiom'))
    const small = store.newFile('f')
    small.write('old')
    small.close()
    const large = store.newFile('f')
    expect(errorOf(() => large.write(Buffer.alloc(2_000_000)))).toBeInstanceOf(DiskFullError)
    large.abort()
    expect(readdirSync(String(store.temporaryDirectory))).toEqual([])
    expect(readdirSync(String(store.filesDirectory))).toEqual(['f'])
  })
})
