import { join } from 'node:path'
import { boolean, integer, text, timestamp } from '../../dist/store-engine/attributes/attributes.js'
import { Timestamp } from '../../dist/store-engine/attributes/timestamp.js'
import { item } from '../../dist/store-engine/items/item.js'
import { registerItemTypes } from '../../dist/store-engine/items/registry.js'
import { Store } from '../../dist/store-engine/store.js'
import { openBare } from './bare.mjs'
import { interleave, withDirectory } from './measure.mjs'

class Note extends item({
  typeName: 'bench_note',
  version: 1,
  module: 'axiom.item',
  attributes: {
    title: text({ allowNull: false, indexed: true }),
    body: text(),
    rank: integer(),
    pinned: boolean({ allowNull: false }),
    when: timestamp(),
  },
}) {}
registerItemTypes(Note)

const BODY = 'a sentence or two, as notes have'

/** Items written in one transaction and read back, against the same prepared statements on bare better-sqlite3. */
export async function measureItems(scale) {
  const count = 100_000 * scale
  return withDirectory(async directory => {
    const path = (name, round) => join(directory, `${name}${round}.axiom`)
    const insert = await interleave(5, [
      round => insertItems(path('ours', round), count),
      round => insertRows(path('bare', round), count),
    ])
    const read = await interleave(7, [() => readItems(path('ours', 0)), () => readRows(path('ours', 0), 'oid')])
    const sort = Note.when.descending
    const sorted = await interleave(7, [
      () => readItems(path('ours', 0), { sort }),
      () => readRows(path('ours', 0), '"when" DESC, oid'),
    ])
    const shape = `${count} items of five attributes, one index`
    return [
      figure('insert in one transaction', insert, 2.0, `${shape}, medians of 5`),
      figure('read back and look at three attributes', read, 2.0, `${shape}, medians of 7`),
      figure('the same, sorted by a column without index', sorted, 3.0, `${shape}, medians of 7`),
    ]
  })
}

function figure(what, [ours, floor], target, shape) {
  const detail = `${ours.toFixed(0)} ms, floor ${floor.toFixed(0)} ms; ${shape}`
  return { what, value: ours / floor, unit: '×', target, detail }
}

function insertItems(directory, count) {
  const store = Store.create(directory)
  store.transact(() => {
    for (let index = 0; index < count; index += 1)
      store.create(Note, {
        title: `title ${index}`,
        body: BODY,
        rank: index,
        pinned: index % 2 === 0,
        when: Timestamp.fromMicroseconds(BigInt(index)),
      })
  })
  store.close()
}

function insertRows(directory, count) {
  makeEmpty(directory)
  const database = openBare(directory)
  const insertObject = database.prepare('INSERT INTO axiom_objects (type_id) VALUES (?)')
  const insertRow = database.prepare(
    'INSERT INTO item_bench_note_v1 (oid, body, pinned, rank, title, "when") VALUES (?, ?, ?, ?, ?, ?)',
  )
  database.exec('BEGIN IMMEDIATE')
  for (let index = 0; index < count; index += 1) {
    const storeID = insertObject.run(1n).lastInsertRowid
    insertRow.run(storeID, BODY, index % 2 === 0 ? 1n : 0n, index, `title ${index}`, BigInt(index))
  }
  database.exec('COMMIT')
  database.close()
}

function makeEmpty(directory) {
  const store = Store.create(directory)
  store.transact(() => store.engine.getTable(Note))
  store.close()
}

function readItems(directory, options = {}) {
  const store = Store.open(directory)
  let sum = 0
  for (const note of store.query(Note, options)) sum += note.title.length + note.rank + (note.pinned ? 1 : 0)
  store.close()
  return sum
}

function readRows(directory, order) {
  const database = openBare(directory)
  let sum = 0
  const select = 'SELECT oid, body, pinned, rank, title, "when" FROM item_bench_note_v1'
  const rows = database.prepare(`${select} ORDER BY ${order}`)
  for (const row of rows.iterate()) sum += row.title.length + Number(row.rank) + (row.pinned === 1n ? 1 : 0)
  database.close()
  return sum
}
