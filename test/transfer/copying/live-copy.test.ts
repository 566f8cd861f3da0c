import { createHash } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ensureFence } from '../../../src/site/fence.js'
import { Store } from '../../../src/store-engine/store.js'
import { LiveCopy } from '../../../src/transfer/copying/live-copy.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { dump } from '../two-sites.js'

const ROW = Buffer.alloc(50_000, 'row')

/** A store with rows and two files, and a copy of it that follows. */
async function startCopy({ rows = 20, readonly = false } = {}) {
  const parent = temporaryDirectory()
  const [directory, staging] = [join(parent, 'user.axiom'), join(parent, 'staging')]
  const store = Store.create(directory)
  onTestFinished(() => store.close())
  ensureFence(store, 'site')
  store.transact(() => {
    store.sql.exec('CREATE TABLE mantissa_note (number, content)')
    for (let number = 0; number < rows; number += 1)
      store.sql.run('INSERT INTO mantissa_note VALUES (?, ?)', number, ROW)
  })
  mkdirSync(join(directory, 'files', 'letters'), { recursive: true })
  for (const name of ['kept', 'letters/changed', 'letters/gone']) writeFileSync(join(directory, 'files', name), name)
  mkdirSync(staging)
  const copy = new LiveCopy(directory, staging, { named: 'alice', readonly })
  onTestFinished(() => copy[Symbol.dispose]())
  await copy.copy()
  return { directory, staging, store, copy }
}

/** With a hash of the content, since rows of this size are slow to compare. */
function notesOf(store: Store): readonly unknown[] {
  const rows = store.sql.all<{ id: number; number: number; content: Uint8Array | string }>(
    'SELECT rowid AS id, number, content FROM mantissa_note',
  )
  return rows.map(({ content, ...rest }) => ({ ...rest, hash: createHash('sha256').update(content).digest('hex') }))
}

function expectSame(store: Store, staging: string): void {
  using copied = Store.open(staging)
  expect(notesOf(copied)).toEqual(notesOf(store))
  expect(dump(copied, ['mantissa_note'])).toEqual(dump(store, ['mantissa_note']))
  expect(copied.sql.value('PRAGMA integrity_check')).toBe('ok')
}

it('reads the database once where nobody writes', async () => {
  const { copy, store, staging } = await startCopy()
  const before = copy.contents()
  await copy.settle()
  expect(copy.contents()).toEqual(before)
  expect(copy.images).toBe(1)
  expectSame(store, staging)
})

it.each([20, 400])('catches up with what was written meanwhile, %i rows large', async rows => {
  const { copy, store, staging, directory } = await startCopy({ rows })
  const before = copy.contents()
  const inode = statSync(join(staging, 'db.sqlite')).ino
  store.transact(() => store.sql.run('UPDATE mantissa_note SET content = ? WHERE number = 7', 'short'))
  writeFileSync(join(directory, 'files', 'letters', 'changed'), 'otherwise')
  rmSync(join(directory, 'files', 'letters', 'gone'))
  expect(await copy.isUntouched()).toBe(false)
  await copy.settle()
  await copy.assertUntouched()
  const { database, files } = copy.contents()
  expect(database.sha256).not.toBe(before.database.sha256)
  expect(database.rows['mantissa_note']).toBe(rows)
  expect(files.map(({ path, bytes }) => [path, bytes])).toEqual([
    ['kept', 4],
    ['letters/changed', 9],
  ])
  expect(readFileSync(join(staging, 'files', 'letters', 'changed'), 'utf8')).toBe('otherwise')
  expect([copy.images, statSync(join(staging, 'db.sqlite')).ino]).toEqual([2, inode])
  expectSame(store, staging)
})

it('finds a page of the first image that is wrong', async () => {
  const { copy, store, staging } = await startCopy()
  const descriptor = openSync(join(staging, 'db.sqlite'), 'r+')
  writeSync(descriptor, Buffer.from('spoilt'), 0, 6, 600_000)
  closeSync(descriptor)
  store.transact(() => store.sql.run('DELETE FROM mantissa_note WHERE number = 3'))
  await copy.settle()
  expectSame(store, staging)
})

it('follows a store that it may not write, round for round', async () => {
  const { copy, store, staging } = await startCopy({ readonly: true })
  for (let number = 100; number < 103; number += 1) {
    store.transact(() => store.sql.run('INSERT INTO mantissa_note VALUES (?, ?)', number, ROW))
    expect(await copy.chase()).toBe(true)
    expectSame(store, staging)
  }
})

it('tells of a write through the seal', async () => {
  const { copy, store } = await startCopy()
  await copy.settle()
  store.transact(() => store.sql.run('DELETE FROM mantissa_note'))
  await expect(copy.assertUntouched()).rejects.toMatchObject({ code: 'STORE_IN_USE' })
})

it('says that the store has gone where somebody removes it between opening and copying', async () => {
  const parent = temporaryDirectory()
  const [directory, staging] = [join(parent, 'user.axiom'), join(parent, 'staging')]
  Store.create(directory).close()
  mkdirSync(staging)
  using copy = new LiveCopy(directory, staging, { named: 'alice' })
  renameSync(directory, join(parent, 'gone.axiom'))
  await expect(copy.copy()).rejects.toMatchObject({ code: 'STORE_MOVED' })
})
