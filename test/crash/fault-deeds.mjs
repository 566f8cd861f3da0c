/**
 * What the fault suite does to a store, one transaction or one file after the other. Each deed can be repeated when it
 * failed. Deterministic down to the storeIDs, so that the store after k deeds is always the same.
 */
import { integer, text } from '../../dist/store-engine/attributes/attributes.js'
import { reference } from '../../dist/store-engine/attributes/reference.js'
import { item } from '../../dist/store-engine/items/item.js'
import { registerItemTypes } from '../../dist/store-engine/items/registry.js'

const ofOurs = { version: 1, module: 'axiom.item' }

export class Purse extends item({
  ...ofOurs,
  typeName: 'fault_purse',
  attributes: { owner: text({ allowNull: false, indexed: true }), money: integer({ allowNull: false }) },
}) {}

class Folder extends item({ ...ofOurs, typeName: 'fault_folder', attributes: { name: text() } }) {}

class Page extends item({
  ...ofOurs,
  typeName: 'fault_page',
  attributes: { folder: reference(() => Folder, { whenDeleted: 'cascade', indexed: true }), body: text() },
}) {}
registerItemTypes(Purse, Folder, Page)

/** Longer than a page of the database, so that a row reaches overflow pages. */
const LONG = 'a sentence of a page '.repeat(400)

const purseOf = (store, owner) => store.findUnique(Purse, Purse.owner.equals(owner))

function pay(store, from, to, amount) {
  purseOf(store, from).money -= amount
  purseOf(store, to).money += amount
}

/** By name, in their order. They come after the store was made and before it is closed. */
export const DEEDS = {
  'the first items of a type': store =>
    store.transact(() => {
      for (const owner of ['ann', 'ben', 'cy']) store.create(Purse, { owner, money: 100 })
    }),
  'a change outside a transaction': store => {
    purseOf(store, 'cy').owner = 'cid'
  },
  'two changes that belong together': store => store.transact(() => pay(store, 'ann', 'ben', 30)),
  'nested transactions, of which one fails': store =>
    store.transact(() => {
      store.transact(() => pay(store, 'ben', 'cid', 5))
      forgive(() =>
        store.transact(() => {
          pay(store, 'cid', 'ann', 50)
          store.create(Page, { body: LONG })
          throw new ChangedMyMind()
        }),
      )
      pay(store, 'ann', 'cid', 1)
    }),
  'many rows at once': store =>
    store.transact(() => {
      const [first, second] = ['first', 'second'].map(name => store.create(Folder, { name }))
      store.batchInsert(
        Page,
        Array.from({ length: 12 }, () => ({ folder: first, body: LONG })),
      )
      store.batchInsert(
        Page,
        Array.from({ length: 4 }, () => ({ folder: second, body: 'short' })),
      )
    }),
  'an item that is tried again where it fails': store =>
    store.transact(() => {
      pay(store, 'ann', 'ben', 2)
      tryTwice(() => store.create(Page, { body: LONG })).body = 'shorter'
      pay(store, 'ben', 'ann', 1)
    }),
  'a file': store => writeFile(store, 'letter', 'first version'),
  'a checkpoint': store => store.emptyLog(0),
  'a deletion that takes others along': store =>
    store.findUnique(Folder, Folder.name.equals('first')).deleteFromStore(),
  'a file in the place of another': store => writeFile(store, 'letter', LONG),
  'the deletion of what a query finds': store =>
    store.transact(() => {
      store.query(Page).deleteFromStore()
      pay(store, 'cid', 'ann', 6)
    }),
  'a last change': store => store.transact(() => pay(store, 'ben', 'ann', 1)),
}

class ChangedMyMind extends Error {}

function forgive(deed) {
  try {
    deed()
  } catch (error) {
    if (!(error instanceof ChangedMyMind)) throw error
  }
}

/** As somebody would who does not know what a failure inside a transaction means. */
function tryTwice(deed) {
  try {
    return deed()
  } catch {
    return deed()
  }
}

function writeFile(store, name, content) {
  const file = store.newFile('letters', name)
  try {
    file.write(content)
    file.close()
  } finally {
    file.abort()
  }
}
