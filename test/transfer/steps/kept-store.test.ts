import { cpSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, expect, it } from 'vitest'
import { Store } from '../../../src/store-engine/store.js'
import { describeKept, hasKeptChanged, KEPT } from '../../../src/transfer/steps/kept-store.js'
import { Note } from '../../store-engine/test-items.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

let kept: string
let plan: Record<string, ReturnType<typeof describeKept>>

beforeEach(() => {
  kept = join(temporaryDirectory(), 'moved-x')
  using store = Store.create(kept)
  store.create(Note, { name: 'kept' })
  store.close()
  plan = { [KEPT]: describeKept(kept) }
})

/** Writes as a program does that knows nothing of fences. */
function writeBare(directory: string): void {
  const database = new Database(join(directory, 'db.sqlite'))
  database.exec(`UPDATE item_engine_note_v1 SET name = 'Kept'`)
  database.close()
}

it('a store that lies where it was put has not changed, though it was read', () => {
  using store = Store.open(kept, { readonly: true })
  expect(store.query(Note).count()).toBe(1)
  store.close()
  expect(hasKeptChanged(kept, plan)).toBe(false)
})

it('a write is seen, also one that leaves the size as it was', () => {
  writeBare(kept)
  expect(hasKeptChanged(kept, plan)).toBe(true)
})

it('a log that somebody left is a change', () => {
  writeFileSync(join(kept, 'db.sqlite-wal'), 'a log')
  expect(hasKeptChanged(kept, plan)).toBe(true)
})

it('a copy, and a store put back with new times, count by what they hold', () => {
  const copy = join(temporaryDirectory(), 'moved-x')
  cpSync(kept, copy, { recursive: true })
  utimesSync(join(kept, 'db.sqlite'), 1, 1)
  expect([hasKeptChanged(copy, plan), hasKeptChanged(kept, plan)]).toEqual([false, false])
  writeBare(copy)
  expect(hasKeptChanged(copy, plan)).toBe(true)
})

it('of a store that is gone, and where nothing was remembered, nothing is said', () => {
  expect([hasKeptChanged(`${kept}-gone`, plan), hasKeptChanged(kept, {})]).toEqual([undefined, undefined])
})
