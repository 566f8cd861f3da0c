// Loads the notes of a store and holds a few of them. After the collection of garbage it says, as JSON, what is left.
// Plain Node with --expose-gc on the built program. Argument: the store.
import { setImmediate } from 'node:timers/promises'
import { integer, text } from '../../../dist/store-engine/attributes/attributes.js'
import { item } from '../../../dist/store-engine/items/item.js'
import { registerItemTypes } from '../../../dist/store-engine/items/registry.js'
import { Store } from '../../../dist/store-engine/store.js'

class Thing extends item({
  typeName: 'engine_thing',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text(), count: integer() },
}) {}
registerItemTypes(Thing)

const store = Store.create(process.argv[2])
store.batchInsert(
  Thing,
  Array.from({ length: 3000 }, (_, count) => ({ name: 'x'.repeat(1000), count })),
)
const held = store.getItemById(7)
held.memory = 'of this object'
const watched = loadAll().map(each => new WeakRef(each))
const changed = changeInTransaction()
// The neighbours of the latest item stay.
store.getItemById(3000)
await collect()
const alive = watched.filter(each => each.deref() !== undefined).length
const again = store.getItemById(1500)
console.log(
  JSON.stringify({
    alive,
    same: store.getItemById(7) === held && store.query(Thing).toArray()[6] === held && held.memory === 'of this object',
    again: [again.memory === undefined, again.count],
    changed,
  }),
)
store.close()

function loadAll() {
  const all = store.query(Thing).toArray()
  all[1499].memory = 'of an object that nobody holds'
  return all
}

/** Nobody holds an item between its change and the end of its transaction. */
function changeInTransaction() {
  store.transact(() => {
    store.getItemById(1500).count = -8
    gc()
  })
  return store.sql.value('SELECT count FROM item_engine_thing_v1 WHERE oid = 1500')
}

/** A weak reference holds on until the job ends that made it. */
async function collect() {
  for (let turn = 0; turn < 3; turn += 1) {
    await setImmediate()
    gc()
  }
}
