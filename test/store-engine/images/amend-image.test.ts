import { spawn } from 'node:child_process'
import { closeSync, copyFileSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amendImage } from '../../../src/store-engine/images/amend-image.js'
import { copyDatabase } from '../../../src/store-engine/images/backup-image.js'
import { hashBlocks, rehashBlocks, rootOf } from '../../../src/store-engine/images/block-hashes.js'
import { amendAtRest } from '../../../src/store-engine/images/quiet-copy.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

const MIB = 2 ** 20

interface Shape {
  readonly journal: 'wal' | 'delete'
  readonly vacuum: 'none' | 'full' | 'incremental'
  readonly pageSize: number
}

function newDatabase({ journal, vacuum, pageSize }: Shape): { directory: string; database: Database.Database } {
  const directory = temporaryDirectory()
  const database = new Database(join(directory, 'db.sqlite'))
  database.exec(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = ${vacuum}; PRAGMA journal_mode = ${journal};
    CREATE TABLE pair (a INTEGER, b INTEGER, filler BLOB)`)
  return { directory, database }
}

function dumpOf(database: Database.Database): readonly unknown[] {
  return database.prepare('SELECT rowid, a, b, length(filler) AS size, hex(substr(filler, 1, 9)) FROM pair').all()
}

/** What happens to a database between an image and the next: rows, and pages that come and go. */
const changes = fc.oneof(
  fc.record({ sql: fc.constant('INSERT INTO pair VALUES (:n, :n, randomblob(:n * 50))'), n: fc.nat(2000) }),
  fc.record({ sql: fc.constant('INSERT INTO pair VALUES (:n, :n, zeroblob(:n * 50))'), n: fc.nat(2000) }),
  fc.record({ sql: fc.constant('UPDATE pair SET a = :n, b = :n WHERE rowid % 3 = :n % 3'), n: fc.nat(99) }),
  fc.record({ sql: fc.constant('DELETE FROM pair WHERE rowid % 4 = :n % 4'), n: fc.nat(99) }),
  fc.record({ sql: fc.constantFrom('PRAGMA incremental_vacuum', 'PRAGMA wal_checkpoint(TRUNCATE)'), n: fc.nat(0) }),
  fc.record({
    sql: fc.constantFrom('VACUUM', 'PRAGMA page_size = 8192; VACUUM', 'CREATE TABLE more (x)'),
    n: fc.nat(0),
  }),
)

const shapes = fc.record({
  journal: fc.constantFrom('wal' as const, 'delete' as const),
  vacuum: fc.constantFrom('none' as const, 'full' as const, 'incremental' as const),
  pageSize: fc.constantFrom(512, 4096, 65_536),
})

function change(database: Database.Database, sql: string, n: number): void {
  if (sql.includes(':n')) database.prepare(sql).run({ n })
  else if (!(sql.startsWith('CREATE') && dumpOf(database).length === 0)) tolerant(() => database.exec(sql))
}

/** A second CREATE TABLE of the same name. */
function tolerant(deed: () => void): void {
  try {
    deed()
  } catch (error) {
    if (!/already exists/.test(String(error))) throw error
  }
}

describe('an image that is amended', () => {
  it('is what the database has become, whatever happened to its pages', async () => {
    const rounds = fc.array(fc.array(changes, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(shapes, rounds, async (shape, several) => {
        const { directory, database } = newDatabase(shape)
        for (let n = 0; n < 40; n += 1) change(database, 'INSERT INTO pair VALUES (:n, :n, randomblob(:n * 50))', n)
        const image = join(directory, 'image')
        await copyDatabase(directory, image)
        let hashes = hashBlocks(image)
        for (const round of several) {
          for (const { sql, n } of round) change(database, sql, n)
          hashes = rehashBlocks(image, hashes, await amendImage(directory, image))
          expect(rootOf(hashes)).toBe(rootOf(hashBlocks(image)))
          expectSame(image, database)
        }
        expect(existsSync(`${image}-second`)).toBe(false)
        database.close()
      }),
      { numRuns: 40 },
    )
  })

  it('of a database that somebody else locks, is refused as busy and can be amended later', {
    timeout: 20_000,
  }, async () => {
    const { directory, database } = newDatabase({ journal: 'delete', vacuum: 'none', pageSize: 4096 })
    const image = join(directory, 'image')
    await copyDatabase(directory, image)
    change(database, 'INSERT INTO pair VALUES (:n, :n, zeroblob(9))', 7)
    database.exec('BEGIN EXCLUSIVE')
    await expect(amendImage(directory, image, { busyTimeout: 200 })).rejects.toMatchObject({ code: 'STORE_BUSY' })
    database.exec('ROLLBACK')
    await amendImage(directory, image)
    expectSame(image, database)
    database.close()
  })
})

describe.each(['wal', 'delete'] as const)('a large database at rest (%s)', journal => {
  function large() {
    const { directory, database } = newDatabase({ journal, vacuum: 'none', pageSize: 4096 })
    for (let n = 0; n < 18; n += 1) database.prepare('INSERT INTO pair VALUES (?, ?, zeroblob(?))').run(n, n, MIB)
    if (journal === 'wal') database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return { directory, database, file: join(directory, 'db.sqlite'), image: join(directory, 'image') }
  }

  it('is compared as a file, and a wrong page of the image is found', async () => {
    const { directory, database, file, image } = large()
    await copyDatabase(directory, image)
    const hashes = hashBlocks(image)
    spoil(image, 12 * MIB + 5)
    const changed = await amendAtRest(file, image)
    expect(changed).toEqual({ bytes: statSync(file).size, blocks: [192] })
    if (typeof changed === 'object') expect(rehashBlocks(image, hashes, changed)).toEqual(hashes)
    database.close()
    expect(readFileSync(image).equals(readFileSync(file))).toBe(true)
  })

  it('is amended after growing and shrinking', async () => {
    const { directory, database, image } = large()
    await copyDatabase(directory, image)
    database.exec('DELETE FROM pair WHERE a < 2; VACUUM')
    await amendImage(directory, image)
    expectSame(image, database)
    database.prepare('INSERT INTO pair VALUES (99, 99, zeroblob(?))').run(3 * MIB)
    if (journal === 'wal') database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    await amendImage(directory, image)
    expectSame(image, database)
    database.close()
  })
})

it('is hashed anew where nobody knows what a process that failed has written into it', async () => {
  const { directory, database } = newDatabase({ journal: 'delete', vacuum: 'none', pageSize: 4096 })
  for (let n = 0; n < 18; n += 1) database.prepare('INSERT INTO pair VALUES (?, ?, zeroblob(?))').run(n, n, MIB)
  const [file, image] = [join(directory, 'db.sqlite'), join(directory, 'image')]
  await copyDatabase(directory, image)
  const hashes = hashBlocks(image)
  database.exec('UPDATE pair SET a = 99')
  copyFileSync(file, image)
  database.exec('BEGIN EXCLUSIVE')
  const amending = amendImage(directory, image, { busyTimeout: 10_000 })
  await expect.poll(() => existsSync(`${image}-second`), { timeout: 10_000 }).toBe(true)
  database.exec('ROLLBACK')
  expect(rehashBlocks(image, hashes, await amending)).toEqual(hashBlocks(image))
  database.close()
})

/** Updates both halves of every pair in transactions, without end. */
const WRITER = `
  const [driver, file] = process.argv.slice(1)
  const database = new (require(driver))(file, { timeout: 10000 })
  process.stdout.write('go')
  for (;;) database.exec('BEGIN IMMEDIATE; UPDATE pair SET a = a + 1; UPDATE pair SET b = b + 1; COMMIT')
`

it.each([1000, MIB])('is of one moment while another process writes, with rows of %i bytes', async size => {
  const { directory, database } = newDatabase({ journal: 'wal', vacuum: 'none', pageSize: 4096 })
  for (let n = 0; n < 18; n += 1) database.prepare('INSERT INTO pair VALUES (0, 0, zeroblob(?))').run(size)
  database.close()
  const image = join(directory, 'image')
  copyFileSync(join(directory, 'db.sqlite'), image)
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const writer = spawn(process.execPath, ['-e', WRITER, driver, join(directory, 'db.sqlite')])
  await new Promise(resolve => writer.stdout.once('data', resolve))
  try {
    const seen = new Set<number>()
    while (seen.size < 4) {
      await amendImage(directory, image)
      const copy = new Database(image)
      const moments = copy.prepare('SELECT DISTINCT a - b AS difference, a FROM pair').all()
      expect(moments).toEqual([{ difference: 0, a: expect.any(Number) }])
      expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
      seen.add((moments[0] as { a: number }).a)
      copy.close()
    }
  } finally {
    writer.kill('SIGKILL')
  }
})

function expectSame(image: string, database: Database.Database): void {
  const copy = new Database(image)
  expect(dumpOf(copy)).toEqual(dumpOf(database))
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  copy.close()
}

function spoil(file: string, at: number): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, Buffer.from('spoilt'), 0, 6, at)
  closeSync(descriptor)
}
