import { describe, expect, it } from 'vitest'
import { text } from '../../../src/store-engine/attributes/attributes.js'
import { ConstraintError } from '../../../src/store-engine/errors.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { defineInterface } from '../../../src/store-engine/powerups/interface.js'
import { PowerupConnector } from '../../../src/store-engine/powerups/powerup.js'
import { Store } from '../../../src/store-engine/store.js'
import { cloneFixture } from '../../support/fixtures.js'
import { type Note, threeNotes } from '../test-items.js'

const IRealm = defineInterface('twisted.cred.portal.IRealm')
const IOther = defineInterface('engine.test.IOther')

class Powered extends item({
  typeName: 'engine_powered',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text() },
  powerupInterfaces: [IRealm, [IOther, 7]],
}) {}
registerItemTypes(Powered)

const connectors = (store: Store) =>
  store.sql.all('SELECT interface, item, powerup, priority FROM item_axiom_powerup_connector_v1 ORDER BY oid')

describe('powerups', () => {
  it('come by priority, ties in the order of their coming', () => {
    using store = Store.inMemory()
    const [a, b, c] = threeNotes(store) as [Note, Note, Note]
    store.powerUp(a, IRealm)
    store.powerUp(b, IRealm)
    store.powerUp(c, IRealm, 1)
    expect(store.powerupsFor(IRealm)).toEqual([c, a, b])
    store.powerUp(b, IRealm, 2)
    expect(store.powerupsFor(IRealm)).toEqual([b, c, a])
    expect(store.powerupsFor(IOther)).toEqual([])
  })

  it('behaviour 135: a repeated powerUp does not duplicate, it changes the priority', () => {
    using store = Store.inMemory()
    const [a] = threeNotes(store) as [Note]
    for (const priority of [0, 0, 3]) store.powerUp(a, IRealm, priority)
    expect(connectors(store)).toEqual([{ interface: IRealm.name, item: -1, powerup: 1, priority: 3 }])
    expect(store.powerupsFor(IRealm)).toEqual([a])
  })

  it('without an interface, those that the type names, each with its own priority', () => {
    using store = Store.inMemory()
    const powered = store.create(Powered, {})
    store.powerUp(powered)
    expect(connectors(store)).toEqual([
      { interface: IRealm.name, item: -1, powerup: 1, priority: 0 },
      { interface: IOther.name, item: -1, powerup: 1, priority: 7 },
    ])
    expect(store.powerups.interfacesOf(store, powered)).toEqual([IRealm.name, IOther.name])
    store.powerDown(powered)
    expect(store.query(PowerupConnector).count()).toBe(0)
  })

  it('powering down what is no powerup is refused and removes nothing', () => {
    using store = Store.inMemory()
    const powered = store.create(Powered, {})
    store.powerUp(powered, IRealm)
    expect(() => store.powerDown(powered)).toThrow(ConstraintError)
    expect(store.powerupsFor(IRealm)).toEqual([powered])
    store.powerDown(powered, IRealm)
    expect(() => store.powerDown(powered, IRealm)).toThrow(ConstraintError)
  })

  it('an item has powerups of its own, beside those of the store', () => {
    using store = Store.inMemory()
    const [a, b] = threeNotes(store) as [Note, Note]
    a.powerUp(b, IRealm)
    expect([a.powerupsFor(IRealm), b.powerupsFor(IRealm), store.powerupsFor(IRealm)]).toEqual([[b], [], []])
    a.powerDown(b, IRealm)
    expect(a.powerupsFor(IRealm)).toEqual([])
  })

  it('a powerup that is gone, or whose code is not here, is passed over; looking writes nothing', () => {
    using store = Store.inMemory()
    const [a, b, c] = threeNotes(store) as [Note, Note, Note]
    for (const note of [a, b, c]) store.powerUp(note, IRealm)
    a.deleteFromStore()
    store.transact(() => {
      store.sql.run("INSERT INTO axiom_types (typename, module, version) VALUES ('nowhere', 'nowhere', 1)")
      store.sql.run('UPDATE axiom_objects SET type_id = last_insert_rowid() WHERE oid = ?', b.storeID)
    })
    using again = Store.fromImage(store.serialize({ wal: false }))
    expect(again.powerupsFor(IRealm).map(each => each.storeID)).toEqual([c.storeID])
    expect(again.query(PowerupConnector).count()).toBe(3)
  })

  it('names that are no dotted names are refused', () => {
    for (const name of ['', 'IRealm', 'a.b c', 'a..b', '.a', "x.y'; --"]) expect(() => defineInterface(name)).toThrow()
  })

  it("the real site's realm is found by its interface", async () => {
    await import('../../../src/accounts/login-system.js')
    using site = Store.open(cloneFixture('divmod-site.axiom'), { readonly: true })
    expect(site.powerupsFor(IRealm).map(each => site.typeNameOf(each.storeID))).toEqual(['login_system'])
  })
})
