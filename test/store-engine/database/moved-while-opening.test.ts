import fs, { existsSync, readdirSync, renameSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, it, vi } from 'vitest'
import { lookAt } from '../../../src/store-engine/database/open-untouched.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note, threeNotes } from '../test-items.js'

const MOVED = expect.objectContaining({ code: 'STORE_MOVED' })

afterEach(() => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
})

/** Two stores; the second one has a log that its process, this one, keeps. */
function twoStores() {
  const parent = temporaryDirectory()
  const [one, two, gone] = ['one', 'two', 'gone'].map(name => join(parent, `${name}.axiom`)) as [string, string, string]
  Store.create(one).close()
  const other = Store.create(two)
  threeNotes(other)
  return { one, two, gone, other }
}

/** Calls `deed` once, after the database was opened and before anything is read from it. */
function beforeFirstRead(deed: () => void): void {
  const { exec } = Database.prototype
  vi.spyOn(Database.prototype, 'exec').mockImplementationOnce(function (this: Database.Database, sql) {
    deed()
    return exec.call(this, sql)
  })
}

/** Calls `deed` once, after the path was looked at and before SQLite opens it. */
function beforeOpening(path: string, deed: () => void): void {
  const { statSync } = fs
  let isDone = false
  vi.spyOn(fs, 'statSync').mockImplementation(((name: string, options: object) => {
    const found = statSync(name, options)
    if (name === path && !isDone) {
      isDone = true
      deed()
    }
    return found
  }) as typeof statSync)
  syncBuiltinESMExports()
}

const WAYS = {
  'for writing': (directory: string) => Store.open(directory),
  'for reading': (directory: string) => Store.open(directory, { readonly: true }),
  'for a look': (directory: string) => lookAt(directory, {}, () => {}),
  'for a look alone': (directory: string) => lookAt(directory, { alone: true }, () => {}),
}

it.each(Object.entries(WAYS))('a store that is moved away before it is read, opened %s', (_, open) => {
  const { one, gone, other } = twoStores()
  using _other = other
  beforeFirstRead(() => renameSync(one, gone))
  expect(() => open(one)).toThrow(MOVED)
  expect([existsSync(one), readdirSync(gone).sort()]).toEqual([false, ['db.sqlite', 'files', 'run', 'temp']])
})

it.each(Object.entries(WAYS))('a store whose place another takes before it is read, opened %s', (_, open) => {
  const { one, two, gone, other } = twoStores()
  beforeFirstRead(() => {
    renameSync(one, gone)
    renameSync(two, one)
  })
  expect(() => open(one)).toThrow(MOVED)
  expect(readdirSync(gone).sort()).toEqual(['db.sqlite', 'files', 'run', 'temp'])
  other.close()
  using kept = Store.open(one)
  expect(kept.query(Note).count()).toBe(3)
  using old = Store.open(gone)
  expect(old.typesOnDisk()).toEqual([])
})

it.each(Object.entries(WAYS))('a store that is moved away before SQLite opens it, opened %s', (_, open) => {
  const { one, gone, other } = twoStores()
  using _other = other
  beforeOpening(join(one, 'db.sqlite'), () => renameSync(one, gone))
  expect(() => open(one)).toThrow(MOVED)
  expect(() => open(one)).toThrow(expect.objectContaining({ code: 'NOT_A_STORE' }))
  expect(existsSync(one)).toBe(false)
})
