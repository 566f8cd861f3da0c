/**
 * Writes a user's store wherever it is, commit after commit, until it is told to end; then prints as JSON how many were
 * acknowledged and how long the longest pauses between two of them were, in milliseconds.
 *
 * Arguments: a name for this writer, the directories in which the store may be.
 */
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { Store } from '../../dist/store-engine/store.js'

const [writer, ...places] = process.argv.slice(2)
const ROWS = 200
const CONTENT = Buffer.alloc(1000, writer)
const NOT_NOW = ['STORE_SEALED', 'STORE_BUSY', 'NOT_A_STORE', 'STORE_MOVED']
/** Pauses worth remembering. */
const LONG = 5

let stopping = false
process.on('SIGTERM', () => {
  stopping = true
})
let count = 0
let last = performance.now()
const pauses = []

while (!stopping) {
  const place = places.find(directory => existsSync(`${directory}/db.sqlite`))
  if (place !== undefined) await writeThere(place)
  await setTimeout(1)
}
process.stdout.write(JSON.stringify({ count, pauses }))

async function writeThere(place) {
  let store
  try {
    store = Store.open(place)
    while (!stopping) {
      store.transact(() =>
        store.sql.run('INSERT OR REPLACE INTO mantissa_bench VALUES (?, ?, ?)', writer, count % ROWS, CONTENT),
      )
      noteCommit()
      await setTimeout(1)
    }
  } catch (error) {
    // Sealed, or moved away, perhaps while it was being opened: it is looked for again.
    if (!NOT_NOW.includes(error.code)) throw error
  } finally {
    store?.close()
  }
}

function noteCommit() {
  const now = performance.now()
  if (count === 0) process.stderr.write('writing\n')
  else if (now - last > LONG) pauses.push(now - last)
  count += 1
  last = now
}
