import { spawn } from 'node:child_process'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { copyDatabase } from '../../../src/store-engine/images/backup-image.js'
import { copyAtRest } from '../../../src/store-engine/images/quiet-copy.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

const LARGE = 17 * 2 ** 20

/** A store of some 17 MiB with pairs of rows that one transaction writes: a torn copy would show a half of one. */
function largeStore(journalMode: 'wal' | 'delete'): string {
  const directory = join(temporaryDirectory(), 's.axiom')
  using store = Store.create(directory, { journalMode })
  store.transact(() => {
    store.sql.exec('CREATE TABLE mantissa_pair (a INTEGER, b INTEGER, filler BLOB)')
    for (let n = 0; n < 18; n += 1) store.sql.run('INSERT INTO mantissa_pair VALUES (?, ?, zeroblob(1000000))', n, n)
  })
  store.emptyLog(1000)
  return directory
}

/** Updates both halves of every pair in transactions, without end. */
const WRITER = `
  const [driver, file] = process.argv.slice(1)
  const database = new (require(driver))(file)
  process.stdout.write('go')
  for (;;) database.exec('BEGIN IMMEDIATE; UPDATE mantissa_pair SET a = a + 1; UPDATE mantissa_pair SET b = b + 1; COMMIT')
`

it.each(['wal', 'delete'] as const)('copies a large store at rest byte for byte (%s)', async mode => {
  const directory = largeStore(mode)
  const copy = join(directory, '..', 'copy')
  const pages = await copyAtRest(join(directory, 'db.sqlite'), copy)
  expect(statSync(copy).size).toBe((pages ?? 0) * 4096)
  expect(statSync(copy).size).toBeGreaterThan(LARGE)
  expect(readFileSync(copy).equals(readFileSync(join(directory, 'db.sqlite')))).toBe(true)
})

it('does not copy by the file what lies in the log', async () => {
  const directory = largeStore('wal')
  using store = Store.open(directory)
  store.transact(() => store.sql.run('UPDATE mantissa_pair SET a = 100, b = 100'))
  const copy = join(directory, '..', 'copy')
  expect(await copyAtRest(join(directory, 'db.sqlite'), copy)).toBeUndefined()
  await copyDatabase(directory, copy)
  expect(sumsOf(copy)).toEqual({ a: 1800, b: 1800, check: 'ok' })
})

it.each(['small', 'large'])('is for nobody else to read, whatever the original is (%s)', async size => {
  const directory = size === 'large' ? largeStore('wal') : join(temporaryDirectory(), 's.axiom')
  if (size === 'small') Store.create(directory).close()
  chmodSync(join(directory, 'db.sqlite'), 0o644)
  const copy = join(directory, '..', 'copy')
  await copyDatabase(directory, copy)
  expect(statSync(copy).mode & 0o777).toBe(0o600)
})

it('copies one moment of a store that another process writes', { timeout: 60_000 }, async () => {
  const directory = largeStore('wal')
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const writer = spawn(process.execPath, ['-e', WRITER, driver, join(directory, 'db.sqlite')])
  await new Promise(resolve => writer.stdout.once('data', resolve))
  try {
    for (const n of [1, 2, 3]) {
      const copy = join(directory, '..', `copy${n}`)
      await copyDatabase(directory, copy)
      const { a, b, check } = sumsOf(copy)
      expect([b, check]).toEqual([a, 'ok'])
    }
  } finally {
    writer.kill('SIGKILL')
  }
})

function sumsOf(file: string): { a: number; b: number; check: unknown } {
  const database = new Database(file)
  const sums = database.prepare('SELECT sum(a) AS a, sum(b) AS b FROM mantissa_pair').get() as { a: number; b: number }
  const check = database.pragma('integrity_check', { simple: true })
  database.close()
  return { ...sums, check }
}
