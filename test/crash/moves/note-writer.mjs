/**
 * Writes numbered rows and files to a user's store, wherever she is, and tells each number once it is committed. Plain
 * Node on the built program, below `fail-at.c`. Orders are lines of JSON:
 *
 * - `places`: the directories in which she may be; none: `{ resting }` is told when nothing is open any more;
 * - `hold`: a transaction that stays open until this process is killed; `arm`: a deed to die of.
 *
 * Argument: a name that no other writer has.
 */
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { Store } from '../../../dist/store-engine/store.js'
import { lastPath, NOTE_TABLE, notePath, noteText } from './note-files.mjs'
import { die, steer, tell, tellReady } from './orders.mjs'

const PAUSE = 8
/** Sealed, busy, moved away, or moved away while it was being opened. */
const EXPECTED = new Set(['STORE_SEALED', 'STORE_BUSY', 'NOT_A_STORE', 'STORE_MOVED'])

const [writer] = process.argv.slice(2)
let order = { places: [] }
let number = 0
createInterface({ input: process.stdin })
  .on('line', line => {
    order = { ...order, ...JSON.parse(line), isNew: true }
  })
  .on('close', () => process.exit())

tellReady()
for (;;) {
  const place = order.places.find(directory => existsSync(`${directory}/db.sqlite`))
  if (place !== undefined) await writeThere(place, order.places)
  else if (order.places.length === 0 && order.isNew) {
    order.isNew = false
    tell({ resting: true })
  }
  await setTimeout(PAUSE)
}

async function writeThere(place, places) {
  let store
  try {
    store = Store.open(place)
    while (order.places === places) {
      if (order.hold) hold(store)
      if (order.arm !== undefined) steer(`arm/${order.arm}`)
      writeNext(store)
      if (order.arm !== undefined) die()
      await setTimeout(PAUSE)
    }
  } catch (error) {
    if (!EXPECTED.has(error.code)) throw error
    if (order.hold || order.arm !== undefined) tell({ refused: error.code })
  } finally {
    store?.close()
  }
}

/** The number is used up once it is told: what was refused is tried again, and would show if it had not been. */
function writeNext(store) {
  const kind = ['row', 'row', 'row', 'file', 'last'][number % 5]
  if (kind === 'row') store.transact(() => insert(store, number))
  else writeFile(store, kind === 'file' ? notePath(writer, number) : lastPath(writer))
  tell({ wrote: kind, number })
  number += 1
}

function insert(store, value) {
  store.sql.run(`INSERT INTO ${NOTE_TABLE} VALUES (?, ?)`, writer, value)
}

function writeFile(store, path) {
  const file = store.newFile(...path)
  try {
    file.write(noteText(writer, number))
    file.close()
  } finally {
    file.abort()
  }
}

/** Nothing of it was told, so nothing of it need be there. */
function hold(store) {
  store.transact(() => {
    insert(store, number)
    tell({ holding: true })
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })
}
