/** A type that has come from version 1 to 4, with what its upgraders need to be watched and broken. */
import { integer, text } from '../../../src/store-engine/attributes/attributes.js'
import { reference } from '../../../src/store-engine/attributes/reference.js'
import { type Item, item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { defineInterface } from '../../../src/store-engine/powerups/interface.js'
import { Store } from '../../../src/store-engine/store.js'
import {
  registerAttributeCopyingUpgrader,
  registerDeletionUpgrader,
  registerUpgrader,
} from '../../../src/store-engine/upgrades/upgrade.js'
import { Note } from '../test-items.js'

export const ISword = defineInterface('engine.ISword')

/** Old classes are not registered: as on the disk, only the current one is known. */
export class Sword1 extends item({
  typeName: 'engine_sword',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text(), owner: reference(), rival: reference() },
}) {}

export class Sword2 extends item({
  typeName: 'engine_sword',
  version: 2,
  module: 'axiom.item',
  attributes: { name: text(), owner: reference(), rival: reference(), sharpness: integer() },
}) {}

/** From a later version of the software. */
export class Sword9 extends item({
  typeName: 'engine_sword',
  version: 9,
  module: 'axiom.item',
  attributes: { edge: text() },
}) {}

export class Sword extends item({
  typeName: 'engine_sword',
  version: 4,
  module: 'axiom.item',
  attributes: {
    title: text({ allowNull: false, indexed: true }),
    owner: reference(),
    rival: reference(),
    sharpness: integer({ default: 7 }),
  },
}) {}

export class Hilt1 extends item({
  typeName: 'engine_hilt',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text(), blade: reference() },
}) {}

export class Hilt extends item({
  typeName: 'engine_hilt',
  version: 2,
  module: 'axiom.item',
  attributes: { name: text(), blade: reference(), weight: integer({ default: 5 }) },
}) {}

export class Scabbard1 extends item({
  typeName: 'engine_scabbard',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text() },
}) {}

/** Whose versions 2 to 3 and 4 to 5 nobody knows how to cross. */
export class Relic1 extends item({
  typeName: 'engine_relic',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text() },
}) {}

class Relic extends item({
  typeName: 'engine_relic',
  version: 5,
  module: 'axiom.item',
  attributes: { name: text() },
}) {}
registerItemTypes(Sword, Hilt, Relic)

export { Relic }

/** Names of swords that do something in their upgrade. */
export const BROKEN = 'broken'
export const REJECTED = 'rejected'
export const FOUNDING = 'founding'
export const SELF_CENTRED = 'self-centred'

registerUpgrader({
  typeName: 'engine_sword',
  from: 1,
  to: 3,
  upgrade: legacy => {
    const { name, owner, rival } = legacy.values
    if (name === BROKEN) throw new Error('it broke')
    if (name === SELF_CENTRED) legacy.reference('rival')
    return { title: name, owner, rival }
  },
})
registerUpgrader({
  typeName: 'engine_sword',
  from: 2,
  to: 3,
  upgrade: ({ values: { name, ...others } }) => ({ ...others, title: name }),
})
registerUpgrader({
  typeName: 'engine_sword',
  from: 3,
  to: 4,
  upgrade: legacy => ({ ...legacy.values, title: `${legacy.values['title']} the ${legacy.version}rd` }),
  after(sword: Sword) {
    if (sword.title.startsWith(REJECTED)) sword.deleteFromStore()
    if (!sword.title.startsWith(FOUNDING)) return
    const note = sword.store.create(Note, { name: 'founded', parent: sword })
    sword.store.powerUp(note, ISword)
    sword.sharpness = note.storeID
  },
})
registerAttributeCopyingUpgrader(Hilt, 1, 2, hilt => {
  hilt.name = `${hilt.name}!`
})
registerDeletionUpgrader('engine_scabbard', 1, 2)
registerUpgrader({ typeName: 'engine_relic', from: 1, to: 2, upgrade: ({ values }) => ({ ...values }) })
registerUpgrader({ typeName: 'engine_relic', from: 3, to: 4, upgrade: ({ values }) => ({ ...values }) })

/** Puts items into a new store in memory and forgets them, so that they come from the disk again. */
export function storeWith(fill: (store: Store) => void): Store {
  using store = Store.inMemory()
  fill(store)
  return Store.fromImage(store.serialize({ wal: false }))
}

export function versionOnDisk(store: Store, { storeID }: Pick<Item, 'storeID'>): number | undefined {
  return store.sql.value(
    'SELECT t.version FROM axiom_objects o JOIN axiom_types t ON t.oid = o.type_id WHERE o.oid = ?',
    storeID,
  )
}
