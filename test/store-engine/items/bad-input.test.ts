import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { IntegrityError, NotFoundError } from '../../../src/base/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { cloneFixture } from '../../support/fixtures.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { threeNotes } from '../test-items.js'
import { contentOf, errorOf, expectRefused } from '../unharmed.js'

function directoryWith(content?: string | Uint8Array): string {
  const directory = temporaryDirectory()
  if (content !== undefined) writeFileSync(join(directory, 'db.sqlite'), content)
  return directory
}

function storeAfter(...statements: readonly string[]): string {
  const directory = `${temporaryDirectory()}/a.axiom`
  {
    using store = Store.create(directory, { journalMode: 'delete' })
    threeNotes(store)
  }
  sql(directory, ...statements)
  return directory
}

function sql(directory: string, ...statements: readonly string[]): void {
  const database = new Database(join(directory, 'db.sqlite'))
  database.pragma('foreign_keys = OFF')
  for (const statement of statements) database.exec(statement)
  database.close()
}

describe('what is no store', () => {
  it('a path that does not exist, also below a file', () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'file'), '')
    expectRefused(join(directory, 'nothing.axiom'), NotFoundError, 'NOT_A_STORE')
    expectRefused(join(directory, 'file/x.axiom'), NotFoundError, 'NOT_A_STORE')
    expect(Object.keys(contentOf(directory))).toEqual(['file'])
  })

  it('a file', () => {
    const file = join(temporaryDirectory(), 'x.axiom')
    writeFileSync(file, 'I am a file')
    expectRefused(file, NotFoundError, 'NOT_A_STORE')
  })

  it('a directory without a database, or with a directory in its place', () => {
    expectRefused(directoryWith(), NotFoundError, 'NOT_A_STORE')
    const strange = directoryWith()
    mkdirSync(join(strange, 'db.sqlite'))
    expectRefused(strange, NotFoundError, 'NOT_A_STORE')
  })

  it('a database of zero bytes', () => expectRefused(directoryWith(''), NotFoundError, 'NOT_A_STORE'))

  it.each(['x', 'I am text, not a database.\n'.repeat(500), 'SQLite format 3'])('a text of a few bytes or many', text =>
    expectRefused(directoryWith(text), NotFoundError, 'NOT_A_STORE'),
  )

  it("somebody else's SQLite database", () => {
    const directory = directoryWith()
    sql(directory, 'CREATE TABLE moz_cookies (id)', 'INSERT INTO moz_cookies VALUES (1)')
    expectRefused(directory, NotFoundError, 'NOT_A_STORE')
  })
})

describe('a store that lacks something', () => {
  it.each(['axiom_objects', 'axiom_types', 'axiom_attributes'])('the base table %s', table =>
    expectRefused(storeAfter(`DROP TABLE ${table}`), IntegrityError, 'STORE_DAMAGED'),
  )

  it('a column of a base table', () =>
    expectRefused(storeAfter('ALTER TABLE axiom_types RENAME COLUMN module TO modul'), IntegrityError, 'STORE_DAMAGED'))

  it('the table of a type that it describes: told by those who read it', () =>
    expectRefused(storeAfter('DROP TABLE item_engine_note_v1'), IntegrityError, 'STORE_DAMAGED', [
      {},
      { readonly: true },
    ]))

  it('a column of a type that it describes: told by those who read it', () =>
    expectRefused(
      storeAfter("UPDATE axiom_types SET typename = 'other'", 'CREATE TABLE item_other_v1 (oid INTEGER PRIMARY KEY)'),
      IntegrityError,
      'STORE_DAMAGED',
      [{}, { readonly: true }],
    ))

  it('its files, run and temp directories: it opens', () => {
    const directory = directoryWith()
    const image = (() => {
      using memory = Store.inMemory()
      threeNotes(memory)
      return memory.serialize({ wal: true })
    })()
    writeFileSync(join(directory, 'db.sqlite'), image)
    using store = Store.open(directory)
    const file = store.newFile('a', 'b')
    file.write('x')
    expect(file.close()).toBe(join(directory, 'files/a/b'))
  })

  it('an item row behind an object row: the item is not found', () => {
    const directory = storeAfter('DELETE FROM item_engine_note_v1 WHERE oid = 2')
    using store = Store.open(directory)
    expect(errorOf(() => store.getItemById(2))).toMatchObject({ code: 'ITEM_NOT_FOUND' })
  })
})

describe('a store that is newer than the code', () => {
  it('is refused as a whole and left as it is', () => {
    const directory = storeAfter('UPDATE axiom_types SET version = 2')
    expectRefused(directory, IntegrityError, 'STORE_TOO_NEW')
  })

  it('the real site with one type made newer', async () => {
    await import('../../../src/accounts/login-account.js')
    const site = cloneFixture('divmod-site.axiom')
    sql(site, "UPDATE axiom_types SET version = 4 WHERE typename = 'login'")
    expectRefused(site, IntegrityError, 'STORE_TOO_NEW')
  })
})
