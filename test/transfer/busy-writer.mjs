// Writes numbered notes to alice's store, wherever she is, and prints each number once it is committed.
// Plain Node on the built program. Arguments: a name for this writer, then the directories in which she may be.
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { Store } from '../../dist/store-engine/store.js'

const [writer, ...places] = process.argv.slice(2)
let stopping = false
process.on('SIGTERM', () => {
  stopping = true
})

for (let number = 0; !stopping; ) {
  const place = places.find(directory => existsSync(`${directory}/db.sqlite`))
  if (place === undefined) await setTimeout(2)
  else number = await writeThere(place, number)
}

async function writeThere(place, first) {
  let number = first
  let store
  try {
    store = Store.open(place)
    while (!stopping) {
      store.transact(() => store.sql.run('INSERT INTO mantissa_note VALUES (?, ?)', writer, number))
      process.stdout.write(`${number}\n`)
      number += 1
      await setTimeout(1)
    }
  } catch (error) {
    // Sealed, busy, moved away, or moved away while it was being opened: look for her again.
    if (!['STORE_SEALED', 'STORE_BUSY', 'NOT_A_STORE', 'STORE_MOVED'].includes(error.code)) throw error
    await setTimeout(2)
  } finally {
    store?.close()
  }
  return number
}
