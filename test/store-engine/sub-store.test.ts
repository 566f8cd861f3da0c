import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../src/base/errors.js'
import { NotAStoreError } from '../../src/store-engine/errors.js'
import { Store } from '../../src/store-engine/store.js'
import { SubStore } from '../../src/store-engine/sub-store.js'
import { cloneFixture } from '../support/fixtures.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { Note, threeNotes } from './test-items.js'

describe('substores', () => {
  it('behaviour 58: they survive closing and reopening', () => {
    const directory = `${temporaryDirectory()}/site.axiom`
    {
      using site = Store.create(directory)
      const sub = SubStore.createNew(site, ['account', 'example.com', 'bob.axiom'])
      threeNotes(sub.open())
      sub.close()
    }
    using site = Store.open(directory)
    const sub = site.findUnique(SubStore)
    using store = sub.open()
    expect(store.query(Note).count()).toBe(3)
    expect(store.directory).toBe(join(directory, 'files/account/example.com/bob.axiom'))
    expect([store.parent, store.idInParent]).toEqual([site, sub.storeID])
    expect(sub.open()).toBe(store)
    expect([site.parent, site.idInParent]).toEqual([null, null])
  })

  it.each([
    ['the directory', ''],
    ['a directory above', '..'],
    ['the database', 'db.sqlite'],
  ])('are not opened where %s is a link to a store elsewhere', (_what, linked) => {
    const root = temporaryDirectory()
    using site = Store.create(join(root, 'site.axiom'))
    using theirs = Store.create(join(root, 'theirs.axiom'))
    threeNotes(SubStore.createNew(theirs, ['example.com', 'bob.axiom']).open())
    const sub = SubStore.createNew(site, ['example.com', 'bob.axiom'])
    const place = join(site.filesDirectory as string, 'example.com/bob.axiom', linked)
    rmSync(place, { recursive: true })
    symlinkSync(join(theirs.filesDirectory as string, 'example.com/bob.axiom', linked), place)
    expect(() => sub.open()).toThrow(expect.objectContaining({ code: 'PATH_ESCAPES' }))
  })

  it('are left as they were by whoever uses them', () => {
    using site = Store.create(`${temporaryDirectory()}/site.axiom`)
    const sub = SubStore.createNew(site, ['bob.axiom'])
    expect(sub.use(store => store.directory)).toBe(sub.storepath)
    expect(sub.isOpen).toBe(false)
    const reader = sub.open({ readonly: true })
    expect(() =>
      sub.use(store => {
        expect(store.readonly).toBe(false)
        throw new Error('no more')
      }),
    ).toThrow('no more')
    expect([sub.open({ readonly: true }), reader.isClosed]).toEqual([reader, false])
    const writer = sub.open()
    sub.use(store => expect(store).toBe(writer))
    expect(writer.isClosed).toBe(false)
    reader.close()
    writer.close()
  })

  it('behaviour 59: a bare string as path is refused, and so are no segments and segments that lead out', () => {
    using site = Store.create(`${temporaryDirectory()}/site.axiom`)
    const bad = ['bob.axiom' as unknown as string[], [], ['..', 'x'], ['a/b'], ['']]
    for (const segments of bad) expect(() => SubStore.createNew(site, segments)).toThrow(InvalidInputError)
    expect(site.query(SubStore).count()).toBe(0)
  })

  it('behaviour 45: a substore inherits the journal mode that its parent was opened with', () => {
    const directory = `${temporaryDirectory()}/site.axiom`
    {
      using site = Store.create(directory)
      SubStore.createNew(site, ['wal.axiom']).close()
    }
    using site = Store.open(directory, { journalMode: 'delete' })
    const modes = [site.findUnique(SubStore), SubStore.createNew(site, ['new.axiom'])].map(sub => {
      using store = sub.open()
      return store.sql.value('PRAGMA journal_mode')
    })
    expect(modes).toEqual(['delete', 'delete'])
  })

  it('a substore whose directory has gone is an error and does not come back empty', () => {
    using site = Store.create(`${temporaryDirectory()}/site.axiom`)
    const sub = SubStore.createNew(site, ['lost.axiom'])
    rmSync(String(sub.storepath), { recursive: true })
    expect(() => sub.open()).toThrow(NotAStoreError)
    expect(existsSync(String(sub.storepath))).toBe(false)
  })

  it('a taken directory is a conflict, and no item is made', () => {
    using site = Store.create(`${temporaryDirectory()}/site.axiom`)
    threeNotes(SubStore.createNew(site, ['x.axiom']).open())
    expect(() => SubStore.createNew(site, ['x.axiom'])).toThrow(expect.objectContaining({ code: 'PATH_TAKEN' }))
    expect(site.query(SubStore).count()).toBe(1)
    expect(site.findUnique(SubStore).open().query(Note).count()).toBe(3)
    site.findUnique(SubStore).close()
  })

  it('opened for reading it refuses writes; asked for writing later it opens anew', () => {
    using site = Store.create(`${temporaryDirectory()}/site.axiom`)
    const sub = SubStore.createNew(site, ['x.axiom'])
    using reader = sub.open({ readonly: true })
    expect(() => reader.create(Note, { name: 'a' })).toThrow(expect.objectContaining({ code: 'STORE_READ_ONLY' }))
    using writer = sub.open()
    expect(writer).not.toBe(reader)
    expect(writer.create(Note, { name: 'a' }).storeID).toBe(1)
    expect(reader.query(Note).count()).toBe(1)
  })

  it("opens every store of the real site's ten, with the site as parent", () => {
    using site = Store.open(cloneFixture('divmod-site.axiom'))
    const subs = site.query(SubStore).toArray()
    expect(subs).toHaveLength(10)
    for (const sub of subs) {
      using store = sub.open({ readonly: true })
      expect(store.idInParent).toBe(sub.storeID)
      expect(store.typesOnDisk().length).toBeGreaterThan(1)
    }
  })
})
