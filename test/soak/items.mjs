/** What the writers of the soak keep in the site's store and in the stores of users. */
import { integer, text } from '../../dist/store-engine/attributes/attributes.js'
import { item } from '../../dist/store-engine/items/item.js'
import { registerItemTypes } from '../../dist/store-engine/items/registry.js'

const ofOurs = { version: 1, module: 'axiom.item' }
/** Who wrote it, and the writer's own number for it. */
const signed = { writer: text({ allowNull: false, indexed: true }), number: integer({ allowNull: false }) }

/** Money that is moved between purses; that of one store is always {@link PURSES} times {@link MONEY}. */
export class Purse extends item({ ...ofOurs, typeName: 'soak_purse', attributes: { money: integer() } }) {}

/** One per store, read and raised by everybody; each time with a tick. */
export class Counter extends item({ ...ofOurs, typeName: 'soak_counter', attributes: { count: integer() } }) {}

export class Tick extends item({ ...ofOurs, typeName: 'soak_tick', attributes: signed }) {}

/** Comes and goes. */
export class Note extends item({ ...ofOurs, typeName: 'soak_note', attributes: { ...signed, body: text() } }) {}

/** A row of a batch; the batches of a writer have numbers. */
export class BatchRow extends item({ ...ofOurs, typeName: 'soak_batch_row', attributes: signed }) {}

registerItemTypes(Purse, Counter, Tick, Note, BatchRow)

export const PURSES = 6
export const MONEY = 1000
export const BATCH = 20

/** Gives a store its purses and its counter. */
export function furnish(store) {
  store.transact(() => {
    for (let index = 0; index < PURSES; index += 1) store.create(Purse, { money: MONEY })
    store.create(Counter, { count: 0 })
  })
}
