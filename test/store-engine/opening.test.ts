import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { NotAStoreError, ReadOnlyStoreError } from '../../src/store-engine/errors.js'
import { Store } from '../../src/store-engine/store.js'
import { cloneFixture } from '../support/fixtures.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { Note, threeNotes } from './test-items.js'

const modeOf = (directory: string) => {
  const database = new Database(join(directory, 'db.sqlite'), { readonly: true })
  const mode = database.pragma('journal_mode', { simple: true })
  database.close()
  return mode
}

describe('creating and opening', () => {
  it('behaviour 33: creating makes the directory, and opening it twice is harmless', () => {
    const directory = `${temporaryDirectory()}/deep/er/a.axiom`
    Store.create(directory).close()
    expect(readdirSync(directory).sort()).toEqual(['db.sqlite', 'files', 'run', 'temp'])
    for (const name of ['.', 'files', 'run', 'temp']) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o700)
    expect(statSync(join(directory, 'db.sqlite')).mode & 0o777).toBe(0o600)
    using one = Store.open(directory)
    using two = Store.open(directory)
    threeNotes(one)
    expect(two.query(Note).count()).toBe(3)
  })

  it('behaviour 33, our rule: only create creates; opening what is not there makes nothing', () => {
    const directory = join(temporaryDirectory(), 'typo.axiom')
    expect(() => Store.open(directory)).toThrow(NotAStoreError)
    expect(existsSync(directory)).toBe(false)
    Store.create(directory).close()
    expect(() => Store.create(directory)).toThrow(expect.objectContaining({ code: 'PATH_TAKEN' }))
    mkdirSync(`${directory}2`)
    expect(() => Store.create(`${directory}2`)).toThrow(expect.objectContaining({ code: 'PATH_TAKEN' }))
  })

  it('behaviour 34, our rule: a store on disk has its own files directory and takes no other; the compiler refuses', () => {
    const parent = temporaryDirectory()
    using store = Store.create(join(parent, 'a.axiom'))
    // @ts-expect-error a files directory can be named for a store in memory only
    const asked = () => Store.open(join(parent, 'a.axiom'), { filesDirectory: parent })
    using again = asked()
    expect([store.filesDirectory, again.filesDirectory]).toEqual([
      join(parent, 'a.axiom/files'),
      join(parent, 'a.axiom/files'),
    ])
    using memory = Store.inMemory({ filesDirectory: parent })
    expect([memory.filesDirectory, memory.directory]).toEqual([parent, null])
  })

  it.each(['wal', 'delete'] as const)('behaviour 42: a requested journal mode (%s) is applied at open', mode => {
    const directory = `${temporaryDirectory()}/a.axiom`
    Store.create(directory, { journalMode: mode === 'wal' ? 'delete' : 'wal' }).close()
    Store.open(directory, { journalMode: mode }).close()
    expect(modeOf(directory)).toBe(mode)
  })

  it('behaviour 43: without a request the file keeps its mode', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    Store.create(directory).close()
    Store.open(directory).close()
    expect(modeOf(directory)).toBe('wal')
    const site = cloneFixture('divmod-site.axiom')
    {
      using store = Store.open(site)
      threeNotes(store)
    }
    expect(modeOf(site)).toBe('delete')
  })

  it('every connection is durable, without foreign keys, and trusts no schema', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    Store.create(directory).close()
    using store = Store.open(directory)
    const settings = ['synchronous', 'foreign_keys', 'trusted_schema'].map(name => store.sql.value(`PRAGMA ${name}`))
    expect(settings).toEqual([2, 0, 0])
  })

  it('a store opened for reading refuses to write, and says it was asked to', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    {
      using store = Store.create(directory)
      threeNotes(store)
    }
    using store = Store.open(directory, { readonly: true })
    const note = store.getItemById(1) as Note
    expect(() => store.create(Note, { name: 'x' })).toThrow(ReadOnlyStoreError)
    expect(() => Object.assign(note, { name: 'x' })).toThrow(ReadOnlyStoreError)
    expect(() => note.deleteFromStore()).toThrow(expect.objectContaining({ code: 'STORE_READ_ONLY' }))
    expect([note.name, store.query(Note).count()]).toEqual(['a', 3])
  })

  it('a store that nobody has open has no more files after it was read', () => {
    const directory = `${temporaryDirectory()}/a.axiom`
    Store.create(directory).close()
    const before = readdirSync(directory)
    for (const _ of [1, 2]) {
      using store = Store.open(directory, { readonly: true })
      expect(store.typesOnDisk()).toEqual([])
      expect(() => store.engine.connection.execute('CREATE TABLE t (a)')).toThrow(
        expect.objectContaining({ code: 'STORE_READ_ONLY' }),
      )
    }
    expect(readdirSync(directory)).toEqual(before)
  })

  it('asking for a type that the store lacks finds nothing and makes no table', () => {
    using store = Store.inMemory()
    expect(store.query(Note).toArray()).toEqual([])
    expect(store.query(Note).count()).toBe(0)
    expect(store.findFirst(Note)).toBeUndefined()
    expect(store.query(Note).deleteFromStore()).toBe(0)
    expect(store.typesOnDisk()).toEqual([])
  })
})
