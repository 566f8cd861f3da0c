import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { MantissaError } from '../../../src/base/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { SubStore } from '../../../src/store-engine/sub-store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note, threeNotes } from '../test-items.js'
import { errorOf, readAll } from '../unharmed.js'

/** A store written by somebody who means ill. */
function hostile(fill: (database: Database.Database) => void): string {
  const directory = `${temporaryDirectory()}/a.axiom`
  {
    using store = Store.create(directory, { journalMode: 'delete' })
    threeNotes(store)
  }
  const database = new Database(join(directory, 'db.sqlite'))
  database.pragma('foreign_keys = OFF')
  fill(database)
  database.close()
  return directory
}

/** A type whose name and attribute are what they are, with one row. */
function addType(database: Database.Database, typeName: string, attribute: string, kind = 'text'): void {
  const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
  const table = quote(`item_${typeName}_v1`)
  const { lastInsertRowid } = database
    .prepare('INSERT INTO axiom_types (typename, module, version) VALUES (?, ?, 1)')
    .run(typeName, 'os')
  database
    .prepare("INSERT INTO axiom_attributes VALUES (?, 0, 0, 'TEXT', 1, ?, ?, '')")
    .run(lastInsertRowid, kind, attribute)
  database.exec(`CREATE TABLE ${table} (oid INTEGER PRIMARY KEY, ${quote(attribute)} TEXT)`)
  database.prepare(`INSERT INTO ${table} VALUES (100, 'value')`).run()
}

const NASTY = [
  'a"b',
  "a'b",
  'a]b',
  'x; DROP TABLE axiom_objects; --',
  '"; DELETE FROM axiom_objects; --',
  'a b',
  '☃',
  '__proto__',
  'constructor',
  '%s%n',
]

describe('a store from a stranger', () => {
  it.each(NASTY)('with a type called %j is listed, and nothing else happens', typeName => {
    using store = Store.open(hostile(database => addType(database, typeName, 'value')))
    const type = store.typesOnDisk().find(each => each.typeName === typeName)
    expect(type).toBeDefined()
    expect(store.countOf(type as never)).toBe(1)
    expect([...store.rowsOf(type as never)]).toEqual([
      { storeID: 100, values: expect.objectContaining({ value: 'value' }) },
    ])
    expect(store.query(Note).count()).toBe(3)
  })

  it.each(NASTY)('with an attribute called %j is listed, and nothing else happens', attribute => {
    using store = Store.open(hostile(database => addType(database, 'other', attribute)))
    const [row] = [...store.rowsOf(store.typesOnDisk()[1] as never)]
    expect(Object.entries(row?.values ?? {})).toEqual([[attribute, 'value']])
    expect(({} as Record<string, unknown>)['value']).toBeUndefined()
    expect(store.query(Note).count()).toBe(3)
  })

  it('with a kind of attribute that does not exist is listed as SQLite has it', () => {
    using store = Store.open(hostile(database => addType(database, 'other', 'x', 'point99decimal; DROP')))
    expect([...store.rowsOf(store.typesOnDisk()[1] as never)][0]?.values['x']).toBe('value')
  })

  it('with an attribute that its table does not have is an error, not a string of its name', () => {
    const directory = hostile(database =>
      database.exec("UPDATE axiom_attributes SET attribute = 'nonesuch' WHERE attribute = 'name'"),
    )
    using store = Store.open(directory, { tolerateNewer: true })
    expect(errorOf(() => readAll(store))).toMatchObject({ code: 'STORE_DAMAGED' })
  })

  it('with a substore that points out of it opens no store there', () => {
    const elsewhere = `${temporaryDirectory()}/elsewhere.axiom`
    Store.create(elsewhere).close()
    for (const storepath of ['../../elsewhere.axiom', '../..', elsewhere, '..', '']) {
      using store = Store.inMemory({ filesDirectory: join(temporaryDirectory(), 'files') })
      store.create(SubStore, {})
      store.transact(() => store.sql.run('UPDATE item_substore_v1 SET storepath = ?', storepath))
      const sub = store.findUnique(SubStore)
      store.engine.cache.distrust()
      expect(
        errorOf(() => sub.open()),
        storepath,
      ).toMatchObject({ code: 'HOSTILE_PATH' })
    }
  })

  it('with a view in the place of an item table is an error in our words', () => {
    const directory = hostile(database =>
      database.exec('DROP TABLE item_engine_note_v1; CREATE VIEW item_engine_note_v1 AS SELECT 1 AS name'),
    )
    using store = Store.open(directory)
    expect(errorOf(() => readAll(store))).toBeInstanceOf(MantissaError)
    expect(errorOf(() => store.query(Note).toArray())).toBeInstanceOf(MantissaError)
    expect(errorOf(() => store.create(Note, { name: 'x' }))).toBeInstanceOf(MantissaError)
  })

  it('with a view in the place of a base table is no store', () => {
    const directory = hostile(database =>
      database.exec('ALTER TABLE axiom_types RENAME TO t; CREATE VIEW axiom_types AS SELECT oid, * FROM t'),
    )
    expect(errorOf(() => Store.open(directory))).toMatchObject({ code: 'STORE_DAMAGED' })
  })

  it('with a trigger that calls dangerous functions: what it calls is not trusted', () => {
    const marker = join(temporaryDirectory(), 'marker')
    const directory = hostile(database =>
      database.exec(
        `CREATE TRIGGER t AFTER INSERT ON item_engine_note_v1 BEGIN SELECT writefile('${marker}', 'x'); END`,
      ),
    )
    using store = Store.open(directory)
    expect(errorOf(() => store.create(Note, { name: 'x' }))).toMatchObject({ code: 'STORE_DAMAGED' })
    expect(existsSync(marker)).toBe(false)
    expect(readAll(store)).toBe(3)
  })

  it('with rows that contradict each other is read as far as it goes', () => {
    const directory = hostile(database =>
      database.exec(`
        INSERT INTO axiom_types (typename, module, version) VALUES (NULL, NULL, NULL);
        UPDATE axiom_objects SET type_id = 999 WHERE oid = 2;
        INSERT INTO axiom_attributes VALUES (999, 'x', 'y', NULL, NULL, NULL, NULL, NULL);
        INSERT INTO axiom_objects (oid, type_id) VALUES (9223372036854775806, 1)`),
    )
    using store = Store.open(directory)
    expect(store.findItemById(2)).toBeUndefined()
    expect(errorOf(() => store.create(Note, { name: 'x' }))).toMatchObject({ code: 'UNSAFE_STORE_ID' })
    expect(store.sql.value('SELECT count(*) FROM axiom_objects')).toBe(4)
  })
})
