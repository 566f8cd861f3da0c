/**
 * Does the deeds of `fault-deeds.mjs` again and again on a disk that fails at its first call, at its second, and so on
 * until they pass unharmed, and looks each time whether the store is whole. Plain Node on the built program, to be run
 * below `fail-at.c` with one thread. Prints each finding, and at last how many calls failed.
 *
 * Arguments: the journal mode, how the disk fails, a directory below which it does, the first call, the step.
 */
import assert from 'node:assert/strict'
import {
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { MantissaError } from '../../dist/base/errors.js'
import { Store } from '../../dist/store-engine/store.js'
import { describeStore, withDatabase } from '../support/read-bare.mjs'
import { DEEDS, Purse } from './fault-deeds.mjs'

const [journalMode, way, disk, first, step] = process.argv.slice(2)
const directory = join(disk, 'a.axiom')
const log = openSync(join(disk, '..', 'acknowledged'), 'a')
const steer = command => readlinkSync(`/fail-at/${command}`)
const deeds = Object.values(DEEDS)
const EXPECTED = new Set(['DISK_FULL', 'STORE_UNREADABLE'])

/** What the store holds after each number of deeds; nothing before it is made. */
const states = []
freshDisk()
live(store => states.push(describeStore(store.directory)))

let failed = 0
let findings = 0
for (let call = Number(first); ; call += Number(step)) {
  freshDisk()
  const before = descriptors()
  try {
    if (!(way === 'kill' || way === 'tear' ? dieAt(call) : failAt(call))) break
    assert.equal(descriptors(), before, 'descriptors were left open')
  } catch (error) {
    findings += 1
    console.log(`${journalMode}, ${way} at call ${call}: ${error.stack}\n`)
  }
  failed += 1
}
console.log(`${failed} calls, ${findings} findings`)

/** The whole life of a store. `acknowledge` hears of its birth and of each deed. */
function live(acknowledge) {
  const store = Store.create(directory, { journalMode })
  acknowledge(store)
  goOn(store, 0, acknowledge)
}

/** Does the rest of the deeds. With so small a cache SQLite writes in the middle of transactions, not only at their ends. */
function goOn(store, done, acknowledge = () => {}) {
  keepLittle(store)
  for (const deed of deeds.slice(done)) {
    deed(store)
    acknowledge(store)
  }
  store.close()
}

/** A child of this process is killed at the call. What it told before must be there; false when it came to its end. */
function dieAt(call) {
  ftruncateSync(log)
  const fate = steer('fork')
  if (fate === 'child') liveAndDie(call)
  assert.equal(fate, 'killed')
  const told = readFileSync(join(disk, '..', 'acknowledged'), 'utf8')
  assert.match(told, /^\.*!?$/, 'the child failed before it was killed')
  const acknowledged = told.replace('!', '').length
  if (acknowledged === 0 && !existsSync(directory)) live(() => {})
  else goOn(Store.open(directory), doneBetween(acknowledged - 1, acknowledged))
  assertComplete()
  return !told.endsWith('!')
}

/** Tells a dot for each deed, and that the end was reached. Never returns: the rest of this file is for the parent. */
function liveAndDie(call) {
  try {
    steer(`arm/${way}/${call}`)
    live(() => writeSync(log, '.'))
    writeSync(log, '!')
  } catch (error) {
    writeSync(log, error.stack)
  } finally {
    steer('die')
  }
}

/** The disk fails at the call, and is well again once that was told. False when the deeds pass before. */
function failAt(call) {
  steer(`arm/${way}/${call}`)
  const store = insist(() => Store.create(directory, { journalMode }), assertNothingThere)
  keepLittle(store)
  const purses = []
  for (const [done, deed] of deeds.entries()) {
    insist(
      () => deed(store),
      () => {
        assertRemembered(store, purses)
        return doneBetween(done, done + 1) > done
      },
    )
    if (purses.length === 0) purses.push(...store.query(Purse))
  }
  store.close()
  const calls = Number(steer('disarm'))
  assertComplete()
  assert.ok(way === 'io-for-good' || readdirSync(join(directory, 'temp')).length === 0, 'a temporary file was left')
  return calls >= call
}

/** Does the deed; where the disk failed, once more, unless `isDone` finds that it was done all the same. */
function insist(deed, isDone) {
  try {
    return deed()
  } catch (error) {
    steer('disarm')
    assert.ok(error instanceof MantissaError && EXPECTED.has(error.code), error)
    return isDone() ? undefined : deed()
  }
}

/** Nothing is left by a creation that failed; a disk that lets go of nothing may hold the store, which is whole then. */
function assertNothingThere() {
  if (way !== 'io-for-good') assert.deepEqual(readdirSync(disk), [], 'left behind by a creation that failed')
  else if (existsSync(directory)) assert.equal(describeStore(directory), states[0])
  freshDisk()
  return false
}

/** What the items say that were loaded before is what the disk says. */
function assertRemembered(store, purses) {
  assert.equal(store.inTransaction, false)
  const seen = purses.map(({ storeID, owner, money }) => [BigInt(storeID), owner, BigInt(money)])
  const written = withDatabase(directory, database =>
    seen.length === 0 ? [] : database.prepare('SELECT oid, owner, money FROM item_fault_purse_v1').raw().all(),
  )
  assert.deepEqual(seen, written, 'memory and disk differ')
}

/** How many deeds the store shows, which must be one of two numbers: never a half, never another one. */
function doneBetween(...candidates) {
  const state = describeStore(directory)
  const found = candidates.findLast(done => states[done] === state)
  assert.notEqual(found, undefined, `not the state after ${candidates.join(' or ')} deeds: ${state}`)
  return found
}

function assertComplete() {
  assert.equal(describeStore(directory), states.at(-1), 'the rest of the deeds came to another end')
}

function keepLittle(store) {
  store.engine.connection.execute('PRAGMA cache_size = 5')
}

function freshDisk() {
  rmSync(disk, { recursive: true, force: true })
  mkdirSync(disk)
}

function descriptors() {
  return readdirSync('/proc/self/fd').length
}
