import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { tryLockDatabase } from '../../../src/store-engine/database/lock-database.js'
import { StoreBusyError } from '../../../src/store-engine/errors.js'
import { writeStoreDirectory, writeStoreDirectoryAside } from '../../../src/store-engine/files/store-directory.js'
import { copyDatabase } from '../../../src/store-engine/images/backup-image.js'
import { buildStoreImage, StoreTemplate } from '../../../src/store-engine/images/store-image.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { openElsewhere } from '../other-process.js'
import { Note, threeNotes } from '../test-items.js'
import { contentOf } from '../unharmed.js'

const names = (store: Store) =>
  store
    .query(Note)
    .toArray()
    .map(note => note.name)

function onDisk(journalMode: 'wal' | 'delete'): string {
  const directory = `${temporaryDirectory()}/a.axiom`
  using store = Store.create(directory, { journalMode })
  threeNotes(store)
  return directory
}

describe('images of stores', () => {
  it('are stores: written to a directory they open, in the mode they ask for', async () => {
    const parent = temporaryDirectory()
    writeStoreDirectory(join(parent, 'wal.axiom'), buildStoreImage(threeNotes))
    await writeStoreDirectoryAside(join(parent, 'delete.axiom'), buildStoreImage(threeNotes, { wal: false }))
    for (const mode of ['wal', 'delete']) {
      using store = Store.open(join(parent, `${mode}.axiom`))
      expect([names(store), store.sql.value('PRAGMA journal_mode')]).toEqual([['a', 'b', 'c'], mode])
      expect(store.sql.value('PRAGMA integrity_check')).toBe('ok')
    }
    const before = contentOf(parent)
    expect(() => writeStoreDirectory(join(parent, 'wal.axiom'), Buffer.alloc(9))).toThrow(
      expect.objectContaining({ code: 'PATH_TAKEN' }),
    )
    await expect(writeStoreDirectoryAside(join(parent, 'wal.axiom'), Buffer.alloc(9))).rejects.toMatchObject({
      code: 'PATH_TAKEN',
    })
    expect(contentOf(parent)).toEqual(before)
  })

  it('a template gives many that know nothing of each other', () => {
    using template = new StoreTemplate(store => threeNotes(store))
    const images = ['x', 'y'].map(name => template.image(store => void store.create(Note, { name })))
    expect(() =>
      template.image(() => {
        throw new Error('no')
      }),
    ).toThrow('no')
    const third = template.image(store => store.findUnique(Note, Note.name.equals('a')).deleteFromStore())
    const stores = [...images, third].map(image => Store.fromImage(image))
    expect(stores.map(names)).toEqual([
      ['a', 'b', 'c', 'x'],
      ['a', 'b', 'c', 'y'],
      ['b', 'c'],
    ])
    for (const store of stores) expect(store.sql.value('PRAGMA integrity_check')).toBe('ok')
    expect(stores.map(store => store.create(Note, { name: 'z' }).storeID)).toEqual([5, 5, 4])
  })
})

describe('copying a database', () => {
  it.each(['wal', 'delete'] as const)(
    'gives all that was committed and nothing else, while it is written (%s)',
    async mode => {
      const directory = onDisk(mode)
      using store = Store.open(directory)
      const target = join(temporaryDirectory(), 'copy.sqlite')
      store.create(Note, { name: 'committed' })
      const copying = copyDatabase(directory, target)
      const { pages, bytes } = await copying
      expect(statSync(target).size).toBe(bytes)
      expect(pages).toBe(bytes / 4096)
      const copy = new Database(target, { readonly: true })
      expect(copy.prepare('SELECT name FROM item_engine_note_v1').pluck().all()).toEqual(['a', 'b', 'c', 'committed'])
      copy.close()
    },
  )

  it('waits for a locked store and then says that it is busy, with no copy that looks whole', async () => {
    const directory = onDisk('delete')
    const other = await openElsewhere(directory)
    expect(await other.ask('BEGIN EXCLUSIVE')).toBe('ok')
    const target = join(temporaryDirectory(), 'copy.sqlite')
    await expect(copyDatabase(directory, target, { busyTimeout: 200 })).rejects.toBeInstanceOf(StoreBusyError)
    expect(existsSync(target) ? statSync(target).size : 0).toBe(0)
    await other.ask('ROLLBACK')
    expect((await copyDatabase(directory, target)).pages).toBeGreaterThan(3)
  })

  it('of what is missing, or no database, is refused in our words', async () => {
    const parent = temporaryDirectory()
    mkdirSync(join(parent, 'text.axiom'))
    writeFileSync(join(parent, 'text.axiom/db.sqlite'), 'no database, only text. '.repeat(100))
    const target = join(parent, 'copy.sqlite')
    await expect(copyDatabase(join(parent, 'nothing.axiom'), target)).rejects.toMatchObject({
      code: 'STORE_UNREADABLE',
    })
    await expect(copyDatabase(join(parent, 'text.axiom'), target)).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
    await expect(copyDatabase(onDisk('wal'), join(parent, 'no/such/place'))).rejects.toMatchObject({
      code: 'STORE_UNREADABLE',
    })
  })
})

describe('a lock database', () => {
  it('is held once, also against this process, and free again when released or when its holder dies', async () => {
    const path = join(temporaryDirectory(), 'db.sqlite')
    {
      using lock = tryLockDatabase(path)
      expect([lock?.path, tryLockDatabase(path)]).toEqual([path, undefined])
    }
    const other = await openElsewhere(join(path, '..'))
    expect(await other.ask('BEGIN EXCLUSIVE')).toBe('ok')
    expect(tryLockDatabase(path)).toBeUndefined()
    process.kill(other.pid, 'SIGKILL')
    await expect.poll(() => tryLockDatabase(path)?.path).toBe(path)
  })
})
