import { join } from 'node:path'
import { Store } from '../../dist/store-engine/store.js'
import { openBare } from './bare.mjs'
import { manyTypes } from './many-types.mjs'
import { interleave, withDirectory } from './measure.mjs'

const [First] = manyTypes

/** Transactions that change one item each, against BEGIN IMMEDIATE, UPDATE and COMMIT as prepared statements. */
export async function measureChanges(scale) {
  const times = 1000 * scale
  return withDirectory(async directory => {
    const path = name => join(directory, `${name}.axiom`)
    for (const name of ['ours', 'bare']) makeStore(path(name))
    const store = Store.open(path('ours'))
    const item = store.getItemById(1)
    const database = openBare(path('bare'))
    const [ours, floor] = await interleave(15, [
      round => changeItem(store, item, { times, round }),
      round => changeRow(database, { times, round }),
    ])
    store.close()
    database.close()
    const each = milliseconds => `${((milliseconds / times) * 1000).toFixed(0)} µs`
    const detail = `${each(ours)}, floor ${each(floor)}; medians of 15 × ${times}; WAL, each with its fsync`
    return [{ what: 'a transaction that changes one item', value: ours / floor, unit: '×', target: 1.5, detail }]
  })
}

function makeStore(path) {
  const store = Store.create(path)
  store.transact(() => {
    for (const itemClass of manyTypes) store.create(itemClass, { title: 'one' })
  })
  store.close()
}

function changeItem(store, item, { times, round }) {
  for (let time = 0; time < times; time += 1)
    store.transact(() => {
      item.rank = round * times + time
    })
}

function changeRow(database, { times, round }) {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const update = database.prepare(`UPDATE ${First.itemType.table} SET rank = ? WHERE oid = ?`)
  const commit = database.prepare('COMMIT')
  for (let time = 0; time < times; time += 1) {
    begin.run()
    update.run(round * times + time, 1)
    commit.run()
  }
}
