/** Writes the same few files of a store again and again, each time filled with its own letter. */
import { Store } from '../../../dist/store-engine/store.js'

const [directory, letter, rounds] = process.argv.slice(2)
const store = Store.open(directory)
for (let round = 0; round < Number(rounds); round += 1) {
  const file = store.newFile('shared', `${round % 3}.txt`)
  for (let part = 0; part < 16; part += 1) file.write(letter.repeat(1000))
  file.close()
}
store.close()
