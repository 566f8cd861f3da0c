import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ItemConstructor } from '../../../src/store-engine/items/item.js'
import { registeredItemTypes } from '../../../src/store-engine/items/registry.js'
import { Store } from '../../../src/store-engine/store.js'
import { cloneFixture, readTruth } from '../../support/fixtures.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import '../all-item-types.js'
import '../fixture-items.js'

/** The independent reader: SQLite with nothing of the engine's around it. */
function bare(directory: string): Database.Database {
  const database = new Database(join(directory, 'db.sqlite'), { readonly: true })
  onTestFinished(() => void database.close())
  return database
}

/** A table with its indexes. */
const schemaOf = (database: Database.Database, table: string) =>
  database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name = ? ORDER BY name').all(table)

const typeRows = (database: Database.Database, typeName: string, version: number) =>
  database
    .prepare<[string, number], Record<string, unknown>>(
      `SELECT t.module, a.row_offset, a.indexed, a.sqltype, a.allow_none, a.pythontype, a.attribute,
              typeof(a.row_offset), typeof(a.indexed), typeof(a.allow_none), typeof(a.docstring), typeof(t.version)
         FROM axiom_types t JOIN axiom_attributes a ON a.type_id = t.oid
        WHERE t.typename = ? AND t.version = ? ORDER BY a.row_offset`,
    )
    .all(typeName, version)

const PRAGMAS = ['user_version', 'application_id', 'encoding', 'page_size', 'auto_vacuum'] as const

/** A store in which every registered type has its table. */
function withAllTypes(): string {
  const directory = `${temporaryDirectory()}/all.axiom`
  using store = Store.create(directory, { journalMode: 'delete' })
  store.transact(() => {
    for (const itemClass of registeredItemTypes()) store.engine.getTable(itemClass)
  })
  return directory
}

function storesOf(site: string): Database.Database[] {
  return Object.keys(readTruth()).map(path => bare(join(site, path)))
}

const original = ({ itemType }: ItemConstructor, stores: Database.Database[]) =>
  stores.find(store => typeRows(store, itemType.typeName, itemType.version).length > 0)

describe('what a new store looks like on disk', () => {
  it('base tables, index and settings are those of the original, to the byte', () => {
    const directory = `${temporaryDirectory()}/new.axiom`
    Store.create(directory, { journalMode: 'delete' }).close()
    const [mine, theirs] = [bare(directory), bare(cloneFixture('divmod-site.axiom'))]
    expect(mine.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master').all()).toEqual(
      theirs
        .prepare(
          "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name LIKE 'axiom\\_%' ESCAPE '\\' OR name = 'sqlite_sequence'",
        )
        .all(),
    )
    for (const pragma of [...PRAGMAS, 'journal_mode'])
      expect(mine.pragma(pragma, { simple: true }), pragma).toBe(theirs.pragma(pragma, { simple: true }))
    expect(mine.prepare('SELECT * FROM sqlite_sequence').all()).toEqual([])
  })

  it('for every type that the real site has, the table and its indexes have the same text', () => {
    const [mine, theirs] = [bare(withAllTypes()), storesOf(cloneFixture('divmod-site.axiom'))]
    let compared = 0
    for (const itemClass of registeredItemTypes()) {
      const source = original(itemClass, theirs)
      if (source === undefined) continue
      const { table } = itemClass.itemType
      expect(schemaOf(mine, table), table).toEqual(schemaOf(source, table))
      compared += 1
    }
    expect(compared).toBeGreaterThan(20)
  })

  it('for every type that the real site has, module and attribute rows are the same, docstrings aside', () => {
    const [mine, theirs] = [bare(withAllTypes()), storesOf(cloneFixture('divmod-site.axiom'))]
    for (const itemClass of registeredItemTypes()) {
      const source = original(itemClass, theirs)
      const { typeName, version } = itemClass.itemType
      if (source !== undefined)
        expect(typeRows(mine, typeName, version), typeName).toEqual(typeRows(source, typeName, version))
    }
  })

  it('types that the original does not have name a module that it can import', () => {
    const theirs = storesOf(cloneFixture('divmod-site.axiom'))
    const own = registeredItemTypes().filter(each => original(each, theirs) === undefined)
    const modules = own.map(({ itemType }) => itemType.module)
    expect(modules.filter(module => !/^(axiom|xmantissa)\./.test(module))).toEqual([])
  })

  it('values are stored as the original stores them', () => {
    const site = cloneFixture('divmod-site.axiom')
    const dave = join(site, 'files/account/example.org/dave.axiom')
    const theirs = bare(dave)
    const columns = theirs.prepare('SELECT * FROM item_fixture_everything_v1 ORDER BY oid')
    const typed = theirs.prepare(
      'SELECT group_concat(typeof(aBoolean) || typeof(aDouble) || typeof(aMoney) || typeof(someBytes) || typeof(aTimestamp) || typeof(anInteger) || typeof(aTextList)) FROM item_fixture_everything_v1',
    )
    const before = [columns.safeIntegers().all(), typed.pluck().get()]
    using store = Store.open(dave)
    store.transact(() => {
      for (const each of store.query(
        registeredItemTypes().find(c => c.itemType.typeName === 'fixture_everything') as ItemConstructor,
      )) {
        const copy = each as unknown as Record<string, unknown>
        for (const { name } of (each.constructor as ItemConstructor).itemType.attributes)
          Object.assign(copy, { [name]: copy[name] })
      }
    })
    expect([columns.all(), typed.get()]).toEqual(before)
  })
})
