import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { DamagedStoreError } from '../../../src/store-engine/errors.js'
import { BASE_SCHEMA } from '../../../src/store-engine/schema/schema.js'
import { Store } from '../../../src/store-engine/store.js'
import { tablesWithoutOid, upgradeExplicitOid } from '../../../src/store-engine/upgrades/explicit-oids.js'
import { cloneHistoric, hasHistoricFixtures, withoutHistoric } from '../../support/historic-fixtures.js'
import { makeOldSite, makeOldStore } from '../../support/old-stores.js'
import { differences, rawRowsBelow } from '../../support/raw-rows.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note } from '../test-items.js'

const old = (name: string) => makeOldStore(name, join(temporaryDirectory(), `${name}.axiom`))
const cases = ['site', 'alice', 'bob', 'pages'].map(name => [name, () => old(name)] as const)

function bare<T>(directory: string, look: (database: Database.Database) => T): T {
  const database = new Database(join(directory, 'db.sqlite'))
  try {
    return look(database)
  } finally {
    database.close()
  }
}

const objectsOf = (directory: string, type: string) =>
  bare(directory, each =>
    each.prepare('SELECT name, sql FROM sqlite_master WHERE type = ? ORDER BY name').all(type),
  ) as { name: string; sql: string }[]

function convert(directory: string): number {
  using store = Store.open(directory)
  return upgradeExplicitOid(store)
}

describe.each(cases)('%s', (_name, make) => converts(make))

describe.skipIf(!hasHistoricFixtures)(`a historic store${withoutHistoric}`, () =>
  converts(() => cloneHistoric('storeID')),
)

function converts(make: () => string): void {
  it('behaviour 47: gains explicit oids in every table, with the rows that it had and the base schema of today', () => {
    const directory = make()
    const before = rawRowsBelow(directory)
    expect(convert(directory)).toBeGreaterThan(3)
    expect(differences(before, rawRowsBelow(directory))).toEqual([])
    const tables = objectsOf(directory, 'table').filter(({ name }) => !name.startsWith('sqlite_'))
    for (const { name, sql } of tables)
      if (name.startsWith('item_'))
        expect(sql).toMatch(new RegExp(`^CREATE TABLE ${name} \\(oid INTEGER PRIMARY KEY, \n`))
      else expect(BASE_SCHEMA).toContain(`${sql};`)
    expect(convert(directory)).toBe(0)
  })

  it('behaviour 48: survives VACUUM, and no storeID comes twice', () => {
    const directory = make()
    convert(directory)
    const before = rawRowsBelow(directory)
    bare(directory, database => database.exec('VACUUM'))
    expect(differences(before, rawRowsBelow(directory))).toEqual([])
    const last = bare(directory, each => each.prepare('SELECT max(oid) FROM axiom_objects').pluck().get()) as number
    using store = Store.open(directory)
    expect(store.create(Note, { name: 'new' }).storeID).toBe(last + 1)
    expect(store.sql.value('SELECT seq FROM sqlite_sequence WHERE name = ?', 'axiom_objects')).toBe(last + 1)
  })

  it('has the indexes that it had, under the names of today', () => {
    const directory = make()
    const before = objectsOf(directory, 'index').map(({ name }) => name.replace('axiomidx_item_', 'axiomidx_'))
    convert(directory)
    expect(objectsOf(directory, 'index').map(({ name }) => name)).toEqual(before.sort())
  })
}

describe('a store that somebody has worked on', () => {
  it('keeps compound indexes, indexes and tables of others, and the rows of a table of the toolkit', () => {
    const directory = old('site')
    bare(directory, database => {
      database.exec(
        'CREATE INDEX axiomidx_login_method_v1_localpart_domain ON item_login_method_v1([localpart], [domain])',
      )
      database.exec('CREATE INDEX by_length ON item_login_method_v1(length(localpart)) WHERE domain IS NOT NULL')
      database.exec('CREATE TABLE theirs (a, b); INSERT INTO theirs (rowid, a) VALUES (7, 8)')
      database.exec('CREATE TABLE mantissa_thing (x); INSERT INTO mantissa_thing (rowid, x) VALUES (9, 10)')
    })
    convert(directory)
    const indexes = objectsOf(directory, 'index').map(({ sql }) => sql)
    expect(indexes).toContain(
      'CREATE INDEX axiomidx_login_method_v1_localpart_domain ON item_login_method_v1([localpart], [domain])',
    )
    expect(indexes).toContain(
      'CREATE INDEX by_length ON item_login_method_v1(length(localpart)) WHERE domain IS NOT NULL',
    )
    const rows = bare(directory, each => [
      each.prepare('SELECT rowid AS id, a FROM theirs').get(),
      each.prepare('SELECT rowid AS id, x FROM mantissa_thing').get(),
    ])
    expect(rows).toEqual([
      { id: 7, a: 8 },
      { id: 9, x: 10 },
    ])
  })

  it('whose table is not what it says of it is left as it is', () => {
    const directory = old('bob')
    bare(directory, each => each.exec("UPDATE axiom_attributes SET sqltype = 'TEXT); DROP TABLE axiom_types; --'"))
    const before = [rawRowsBelow(directory), objectsOf(directory, 'table')]
    expect(() => convert(directory)).toThrow(DamagedStoreError)
    expect([rawRowsBelow(directory), objectsOf(directory, 'table')]).toEqual(before)
  })

  it('that is half converted is converted wholly', () => {
    const directory = old('bob')
    {
      using store = Store.open(directory)
      store.create(Note, { name: 'of today' })
      expect(tablesWithoutOid(store)).not.toContain('item_engine_note_v1')
    }
    expect(convert(directory)).toBe(6)
    using store = Store.open(directory)
    expect([tablesWithoutOid(store), store.findUnique(Note).name]).toEqual([[], 'of today'])
  })
})

it('a crash in the middle leaves the old format whole', () => {
  const directory = join(makeOldSite(), '.')
  const before = [rawRowsBelow(directory), objectsOf(directory, 'table'), objectsOf(directory, 'index')]
  {
    using store = Store.open(directory)
    const fail = () =>
      store.transact(() => {
        upgradeExplicitOid(store)
        expect(tablesWithoutOid(store)).toEqual([])
        throw new Error('the machine stops')
      })
    expect(fail).toThrow('the machine stops')
    expect(tablesWithoutOid(store)).toContain('axiom_objects')
    expect(store.typesOnDisk().map(type => store.countOf(type))).not.toContain(undefined)
  }
  expect([rawRowsBelow(directory), objectsOf(directory, 'table'), objectsOf(directory, 'index')]).toEqual(before)
})
