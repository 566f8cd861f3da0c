import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StoreBusyError } from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { openElsewhere } from '../other-process.js'
import { Note, threeNotes } from '../test-items.js'

function storeOnDisk(journalMode: 'wal' | 'delete'): string {
  const directory = `${temporaryDirectory()}/a.axiom`
  using store = Store.create(directory, { journalMode })
  threeNotes(store)
  return directory
}

/** A process that holds the write lock of a store and lets go of it by itself. */
async function holdElsewhere(directory: string, milliseconds: number): Promise<void> {
  const script = `
    const database = new (require('better-sqlite3'))(process.argv[1])
    database.exec("BEGIN IMMEDIATE; UPDATE item_engine_note_v1 SET name = 'theirs' WHERE oid = 1")
    console.log('held')
    setTimeout(() => { database.exec('COMMIT'); database.close() }, ${milliseconds})`
  const child = spawn(process.execPath, ['-e', script, join(directory, 'db.sqlite')], {
    cwd: join(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
}

const nameOfFirst = (store: Store) => (store.getItemById(1) as Note).name

describe('two processes on one store', () => {
  it.each(['wal', 'delete'] as const)(
    'a transaction waits for its turn, and begins with what the other wrote (%s)',
    async mode => {
      const directory = storeOnDisk(mode)
      using store = Store.open(directory)
      const first = store.getItemById(1) as Note
      await holdElsewhere(directory, 300)
      expect(store.transact(() => first.name)).toBe('theirs')
    },
  )

  it.each([
    ['wal', 'delete'],
    ['delete', 'wal'],
  ] as const)('a change of the journal mode, from %s to %s, waits too', async (from, to) => {
    const directory = storeOnDisk(from)
    await holdElsewhere(directory, 300)
    using store = Store.open(directory, { journalMode: to })
    expect(store.sql.value('PRAGMA journal_mode')).toBe(to)
    expect(nameOfFirst(store)).toBe('theirs')
  })

  it('a store with a log that others have open keeps it, and the error names them', async () => {
    const directory = storeOnDisk('wal')
    const other = await openElsewhere(directory)
    await other.ask('SELECT count(*) FROM axiom_objects')
    const began = performance.now()
    expect(() => Store.open(directory, { journalMode: 'delete', busyTimeout: 300 })).toThrow(StoreBusyError)
    expect(performance.now() - began).toBeGreaterThan(290)
    using store = Store.open(directory)
    expect(store.sql.value('PRAGMA journal_mode')).toBe('wal')
    expect(store.create(Note, { name: 'd' }).storeID).toBe(4)
    await other.finish()
  })

  it('what has a store open while another gives it a log sees what is written there', async () => {
    const directory = storeOnDisk('delete')
    using store = Store.open(directory)
    const first = store.getItemById(1) as Note
    {
      using other = Store.open(directory, { journalMode: 'wal' })
      Object.assign(other.getItemById(1) as Note, { name: 'in the log' })
      expect(store.transact(() => first.name)).toBe('in the log')
      first.length = 8
      expect((other.getItemById(1) as Note).length).toBe(8)
    }
    expect(store.transact(() => [first.name, first.length])).toEqual(['in the log', 8])
  })

  it.each([{}, { readonly: true }])(
    'the half of a process that died is undone by whoever opens, with %o',
    async options => {
      const directory = storeOnDisk('delete')
      const other = await openElsewhere(directory)
      for (const sql of [
        'PRAGMA cache_size = 2',
        'BEGIN IMMEDIATE',
        "UPDATE item_engine_note_v1 SET name = 'half'",
        "INSERT INTO item_engine_note_v1 (name) WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT 'more' FROM n",
      ])
        await other.ask(sql)
      process.kill(other.pid, 'SIGKILL')
      await other.finish()
      expect(statSync(join(directory, 'db.sqlite-journal')).size).toBeGreaterThan(0)
      using store = Store.open(directory, options)
      expect(
        store
          .query(Note)
          .toArray()
          .map(({ name }) => name),
      ).toEqual(['a', 'b', 'c'])
    },
  )

  it('a reader that stays keeps the log from being emptied, and nobody from writing', async () => {
    const directory = storeOnDisk('wal')
    using store = Store.open(directory)
    const other = await openElsewhere(directory)
    await other.ask('BEGIN')
    expect(await other.ask('SELECT name FROM item_engine_note_v1 WHERE oid = 1')).toBe('a')
    Object.assign(store.getItemById(1) as Note, { name: 'later' })
    const began = performance.now()
    store.emptyLog(50)
    expect(performance.now() - began).toBeLessThan(2000)
    expect(statSync(join(directory, 'db.sqlite-wal')).size).toBeGreaterThan(0)
    expect(await other.ask('SELECT name FROM item_engine_note_v1 WHERE oid = 1')).toBe('a')
    await other.ask('ROLLBACK')
    store.emptyLog(50)
    expect(statSync(join(directory, 'db.sqlite-wal')).size).toBe(0)
    expect(await other.ask('SELECT name FROM item_engine_note_v1 WHERE oid = 1')).toBe('later')
    await other.finish()
  })
})
