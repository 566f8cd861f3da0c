import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SchemaMismatchError, StoreTooNewError, UnknownItemTypeError } from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { cloneFixture } from '../../support/fixtures.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Everything, FixtureNode } from '../fixture-items.js'
import { Note, threeNotes } from '../test-items.js'

/** A store with three notes, changed by somebody who knows SQL. */
function storeAfter(...statements: readonly string[]): string {
  const directory = `${temporaryDirectory()}/a.axiom`
  {
    using store = Store.create(directory)
    threeNotes(store)
  }
  const database = new Database(join(directory, 'db.sqlite'))
  for (const statement of statements) database.exec(statement)
  database.close()
  return directory
}

const RENAMED = "UPDATE axiom_attributes SET attribute = 'title' WHERE attribute = 'name'"

describe('what is checked when a store is opened', () => {
  it('behaviour 35: a type whose columns changed without a new version makes the open fail', () => {
    expect(() => Store.open(storeAfter(RENAMED))).toThrow(SchemaMismatchError)
    const collation = "UPDATE axiom_attributes SET sqltype = 'TEXT' WHERE attribute = 'name'"
    expect(() => Store.open(storeAfter(collation))).toThrow(
      /only on disk: name TEXT; only in the code: name TEXT COLLATE/,
    )
    const harmless = "UPDATE axiom_attributes SET docstring = 'x', indexed = 0, allow_none = 1 WHERE attribute = 'name'"
    expect(() => Store.open(storeAfter(harmless)).close()).not.toThrow()
  })

  it('behaviour 36: the failure says what is only on disk and what only in the code', () => {
    expect(() => Store.open(storeAfter(RENAMED))).toThrow(
      /engine_note version 1 differs; only on disk: title TEXT COLLATE NOCASE; only in the code: name TEXT COLLATE NOCASE/,
    )
    const more =
      "INSERT INTO axiom_attributes SELECT type_id, 9, 0, 'BLOB', 1, 'bytes', 'zz', '' FROM axiom_attributes LIMIT 1"
    expect(() => Store.open(storeAfter(more))).toThrow(/only on disk: zz BLOB; only in the code: nothing/)
  })

  it('behaviour 37: a newer version beside the current one is refused', () => {
    const newer = "INSERT INTO axiom_types (typename, module, version) VALUES ('engine_note', 'axiom.item', 2)"
    expect(() => Store.open(storeAfter(newer))).toThrow(StoreTooNewError)
  })

  it('behaviour 37, our rule: a newer version alone is refused too, where the original saw an empty store', () => {
    const directory = storeAfter(
      'UPDATE axiom_types SET version = 7',
      'ALTER TABLE item_engine_note_v1 RENAME TO item_engine_note_v7',
    )
    expect(() => Store.open(directory)).toThrow(/holds engine_note version 7, and this software knows version 1/)
    using carried = Store.open(directory, { tolerateNewer: true })
    expect(() => carried.query(Note).count()).toThrow(StoreTooNewError)
    expect(() => carried.getItemById(1)).toThrow(StoreTooNewError)
    expect([...carried.rowsOf(carried.typesOnDisk()[0] as never)]).toHaveLength(3)
  })

  it('behaviour 39: the schema reads back sorted, with sqltype, indexed, kind and doc', () => {
    const dave = join(cloneFixture('divmod-site.axiom'), 'files/account/example.org/dave.axiom')
    using store = Store.open(dave, { readonly: true })
    const type = store.typesOnDisk().find(each => each.typeName === 'fixture_everything')
    expect(type).toMatchObject({ version: 1, module: 'fixture_app', table: 'item_fixture_everything_v1' })
    const names = type?.attributes.map(each => each.name) ?? []
    expect(names).toEqual([...names].sort())
    expect(type?.attributes.find(each => each.name === 'aText')).toEqual({
      name: 'aText',
      sqltype: 'TEXT COLLATE NOCASE',
      indexed: false,
      allowNull: true,
      kind: 'text',
      doc: 'Case-insensitive text.',
    })
    // The original wrote the one, the class here is declared by hand.
    for (const { itemType } of [Everything, FixtureNode]) {
      const found = store.typesOnDisk().find(each => each.typeName === itemType.typeName)
      expect([found?.version, found?.attributes.map(({ doc: _, ...rest }) => rest)]).toEqual([
        itemType.version,
        itemType.attributes.map(({ name, attribute: { sqltype, indexed, allowNull, kind } }) => ({
          ...{ name, sqltype, indexed, allowNull, kind },
        })),
      ])
    }
  })

  it('behaviour 40: index names follow the scheme, compound ones in declared order', () => {
    using store = Store.inMemory()
    store.transact(() => store.engine.getTable(FixtureNode))
    const indexes = store.sql.all(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name LIKE 'axiomidx%' ORDER BY name",
    )
    const on = (columns: string, name: string) => ({
      name,
      sql: `CREATE INDEX ${name} ON item_fixture_node_v2(${columns})`,
    })
    expect(indexes).toEqual([
      on('[guard]', 'axiomidx_fixture_node_v2_guard'),
      on('[name], [rank]', 'axiomidx_fixture_node_v2_name_rank'),
      on('[owner]', 'axiomidx_fixture_node_v2_owner'),
      on('[parent]', 'axiomidx_fixture_node_v2_parent'),
    ])
  })

  it('behaviour 41, our rule: the module hint is data and is never imported; the store opens, rows are listed', () => {
    const marker = join(temporaryDirectory(), 'was-imported')
    const code = join(temporaryDirectory(), 'hint.mjs')
    writeFileSync(code, `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(marker)}, '')`)
    const directory = storeAfter(
      `UPDATE axiom_types SET typename = 'unknown_here', module = '${code}'`,
      'ALTER TABLE item_engine_note_v1 RENAME TO item_unknown_here_v1',
    )
    using store = Store.open(directory)
    const [type] = store.typesOnDisk()
    expect(type?.module).toBe(code)
    expect([...store.rowsOf(type as never)].map(row => row.values['name'])).toEqual(['a', 'b', 'c'])
    expect(() => store.getItemById(1)).toThrow(UnknownItemTypeError)
    expect(existsSync(marker)).toBe(false)
  })
})
