import { join } from 'node:path'
import { Store } from '../../dist/store-engine/store.js'
import { openBare, readBareSchema } from './bare.mjs'
import { manyTypes } from './many-types.mjs'
import { interleave, withDirectory } from './measure.mjs'

/** A store opened and closed, against the bare file opened, its description of itself read, and closed. */
export async function measureOpening(scale) {
  const times = Math.max(5, 50 * scale)
  return withDirectory(async directory => {
    const path = join(directory, 'a.axiom')
    const store = Store.create(path)
    store.transact(() => {
      for (const itemClass of manyTypes) store.create(itemClass, { title: 'one' })
    })
    store.close()
    const [ours, floor] = await interleave(21, [() => openOurs(path, times), () => openFloor(path, times)])
    const each = milliseconds => `${((milliseconds / times) * 1000).toFixed(0)} µs`
    const detail = `${each(ours)}, floor ${each(floor)}; medians of 21 × ${times}`
    return [{ what: `open a store of ${manyTypes.length} types`, value: ours / floor, unit: '×', target: 3, detail }]
  })
}

function openOurs(path, times) {
  for (let time = 0; time < times; time += 1) Store.open(path).close()
}

function openFloor(path, times) {
  for (let time = 0; time < times; time += 1) {
    const database = openBare(path)
    readBareSchema(database)
    database.close()
  }
}
