import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSqlScript, type TypedStatement } from '../../../src/store-engine/database/sql-script.js'
import type { SqlParameters } from '../../../src/store-engine/database/typed-sql.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { openElsewhere } from '../other-process.js'
import { Note, threeNotes } from '../test-items.js'
import { errorOf } from '../unharmed.js'

const one = (sql: string) => parseSqlScript(sql)[0] as TypedStatement
const rows = (store: Store, sql: string, parameters: SqlParameters = {}) => [
  ...store.typedSql.read(one(sql), parameters).rows,
]

/** A store on the disk, open for reading only. */
function readOnlyStore(): Store {
  const directory = join(temporaryDirectory(), 'a.axiom')
  {
    using store = Store.create(directory, { journalMode: 'delete' })
    threeNotes(store)
  }
  return Store.open(directory, { readonly: true })
}

describe('SQL that a person types, for reading', () => {
  it('returns rows as SQLite has them, with all of 64 bits', () => {
    using store = readOnlyStore()
    const { columns, rows: found } = store.typedSql.read(
      one("SELECT oid, name, 9223372036854775807, x'00', 1.5, NULL FROM item_engine_note_v1 LIMIT 1"),
    )
    expect(columns).toEqual(['oid', 'name', '9223372036854775807', "x'00'", '1.5', 'NULL'])
    expect([...found]).toEqual([[1n, 'a', 2n ** 63n - 1n, Buffer.from([0]), 1.5, null]])
  })

  it('takes parameters by name, and says which is missing', () => {
    using store = readOnlyStore()
    expect(rows(store, 'SELECT :a, @b, $c', { a: 1n, b: 'x', c: null, d: 'unused' })).toEqual([[1n, 'x', null]])
    expect(errorOf(() => rows(store, 'SELECT :a, :b', { a: 1n }))).toMatchObject({
      code: 'SQL_MISTAKE',
      message: 'the parameter :b has no value',
    })
    expect(errorOf(() => rows(store, 'SELECT ?'))).toMatchObject({ code: 'SQL_MISTAKE' })
    expect(errorOf(() => rows(store, 'SELECT :toString'))).toMatchObject({ code: 'SQL_MISTAKE' })
  })

  it.each(['selekt 1', 'SELECT * FROM nonesuch', 'SELECT nonesuch()', 'SELECT "nonesuch"', 'SELECT (', "SELECT 'x"])(
    'tells of %j as a mistake of who typed it, not as damage',
    sql => {
      using store = readOnlyStore()
      expect(errorOf(() => rows(store, sql))).toMatchObject({
        code: 'SQL_MISTAKE',
        message: expect.not.stringMatching(/\n/),
      })
    },
  )

  it.each([
    'DELETE FROM item_engine_note_v1',
    'WITH x AS (SELECT 1) DELETE FROM item_engine_note_v1',
    'INSERT INTO item_engine_note_v1 (name) VALUES (1) RETURNING oid',
    'CREATE TABLE t (a)',
    'CREATE TEMP TABLE t (a)',
    'DROP TABLE axiom_types',
    'ANALYZE',
    'REINDEX',
    "VACUUM INTO 'stolen.db'",
    'VACUUM',
    "/* x */ ATTACH 'other.db' AS other",
    "ATTACH ':memory:' AS other",
    "ATTACH 'file:other.db?mode=rwc' AS other",
    'DETACH main',
    'BEGIN IMMEDIATE',
    'COMMIT',
    'SAVEPOINT x',
    'PRAGMA journal_mode = WAL',
    'PRAGMA main.journal_mode(delete)',
    'PRAGMA user_version(7)',
    'PRAGMA user_version = 7',
    'PRAGMA "user_version"(7)',
    'PRAGMA query_only = 0',
    'PRAGMA writable_schema = 1',
    'PRAGMA wal_checkpoint(TRUNCATE)',
    "PRAGMA temp_store_directory = '/tmp'",
    'PRAGMA optimize',
    'EXPLAIN PRAGMA user_version = 7',
    'EXPLAIN QUERY PLAN PRAGMA trusted_schema = 1',
    'SELECT 1 \0; DELETE FROM axiom_types',
  ])('refuses %j, and the store is as it was', sql => {
    using store = readOnlyStore()
    const before = readdirSync(store.directory ?? '')
    expect(errorOf(() => rows(store, sql))).toMatchObject({ code: 'SQL_REFUSED' })
    expect(store.query(Note).count()).toBe(3)
    expect(readdirSync(store.directory ?? '')).toEqual(before)
    expect(existsSync('stolen.db') || existsSync('other.db')).toBe(false)
  })

  it.each([
    "SELECT load_extension('x')",
    "SELECT writefile('x', 'y')",
    "SELECT readfile('/etc/passwd')",
    "SELECT edit('x')",
    "SELECT fts3_tokenizer('simple', x'00')",
  ])('knows no %s', sql => {
    using store = readOnlyStore()
    expect(errorOf(() => rows(store, sql))).toMatchObject({ code: 'SQL_MISTAKE' })
    expect(existsSync('x')).toBe(false)
  })

  it.each([
    'PRAGMA table_info(axiom_types)',
    'PRAGMA main.table_info(axiom_types)',
    'PRAGMA journal_mode',
    'PRAGMA integrity_check',
    'EXPLAIN DELETE FROM axiom_types',
    'EXPLAIN QUERY PLAN SELECT * FROM axiom_types',
    'VALUES (1), (2)',
    'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n',
    "SELECT * FROM pragma_table_info('axiom_types')",
  ])('answers %j', sql => {
    using store = readOnlyStore()
    expect(rows(store, sql)).not.toEqual([])
    expect(store.query(Note).count()).toBe(3)
  })

  it('does not look further than it is asked, and can be left half-way', () => {
    using store = readOnlyStore()
    const endless = 'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n'
    const seen: unknown[] = []
    for (const [value] of store.typedSql.read(one(endless)).rows) {
      seen.push(value)
      if (seen.length === 3) break
    }
    expect(seen).toEqual([1n, 2n, 3n])
    expect(store.query(Note).count()).toBe(3)
  })

  it('waits for a writer, and says so when it has waited in vain', async () => {
    const directory = join(temporaryDirectory(), 'a.axiom')
    Store.create(directory, { journalMode: 'delete' }).close()
    const other = await openElsewhere(directory)
    expect(await other.ask('BEGIN EXCLUSIVE')).toBe('ok')
    const impatient = { readonly: true, busyTimeout: 20 }
    expect(errorOf(() => rows(Store.open(directory, impatient), 'SELECT 1 FROM axiom_types'))).toMatchObject({
      code: 'STORE_BUSY',
    })
    await other.finish()
  })
})

describe('SQL that a person types, for writing', () => {
  const write = (store: Store, sql: string) => store.typedSql.write(one(sql))

  it('runs inside a transaction only, and is kept or undone with it', () => {
    using store = Store.inMemory()
    threeNotes(store)
    expect(errorOf(() => write(store, 'DELETE FROM item_engine_note_v1'))).toMatchObject({ code: 'SQL_REFUSED' })
    const before = store.typedSql.totalChanges
    store.transact(() => {
      expect(write(store, "UPDATE item_engine_note_v1 SET name = 'x' WHERE oid > 1 RETURNING oid")).toEqual({
        columns: ['oid'],
        rows: [[2n], [3n]],
      })
    })
    expect(store.typedSql.totalChanges - before).toBe(2)
    {
      using _transaction = store.begin()
      write(store, 'DELETE FROM item_engine_note_v1')
    }
    expect([...store.query(Note)].map(({ name }) => name)).toEqual(['a', 'x', 'x'])
  })

  it.each([
    'COMMIT',
    'END',
    'ROLLBACK',
    'BEGIN',
    'SAVEPOINT a',
    'RELEASE a',
    'VACUUM',
    "ATTACH 'x' AS y",
    'PRAGMA journal_mode = DELETE',
    'PRAGMA synchronous = OFF',
  ])('refuses %j', sql => {
    using store = Store.inMemory()
    threeNotes(store)
    const attempt = () =>
      store.transact(() => {
        write(store, "UPDATE item_engine_note_v1 SET name = 'x'")
        write(store, sql)
      })
    expect(errorOf(attempt)).toMatchObject({ code: 'SQL_REFUSED' })
    expect([...store.query(Note)].map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  })

  it('that SQLite rolls back by itself leaves nothing behind, and no transaction open', () => {
    using store = Store.inMemory()
    threeNotes(store)
    const attempt = () =>
      store.transact(() => {
        write(store, "UPDATE item_engine_note_v1 SET name = 'x'")
        write(store, "INSERT OR ROLLBACK INTO item_engine_note_v1 (oid, name) VALUES (1, 'taken')")
      })
    expect(errorOf(attempt)).toMatchObject({ code: 'SQL_CONSTRAINT' })
    expect([store.inTransaction, ...[...store.query(Note)].map(({ name }) => name)]).toEqual([false, 'a', 'b', 'c'])
  })
})
