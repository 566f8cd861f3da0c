import { describe, expect, it } from 'vitest'
import { integer, text } from '../../../src/store-engine/attributes/attributes.js'
import { dependsOn } from '../../../src/store-engine/attributes/reference.js'
import { DependencyError } from '../../../src/store-engine/errors.js'
import { type Item, item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import {
  installedDependents,
  installedOn,
  installedRequirements,
  installedUniqueRequirements,
  installOn,
  uninstallFrom,
} from '../../../src/store-engine/powerups/dependency.js'
import { defineInterface } from '../../../src/store-engine/powerups/interface.js'
import { DependencyConnector } from '../../../src/store-engine/powerups/powerup.js'
import { Store } from '../../../src/store-engine/store.js'

const IKitchen = defineInterface('engine.test.IKitchen')
const spec = { version: 1, module: 'axiom.item' } as const

class Plug extends item({
  ...spec,
  typeName: 'engine_plug',
  attributes: { name: text() },
  powerupInterfaces: [IKitchen],
}) {
  readonly calls: string[] = []
  override installed(target: Item | Store): void {
    this.calls.push(`installed on ${target instanceof Store ? 'store' : target.storeID}`)
  }
  override uninstalled(): void {
    this.calls.push('uninstalled')
  }
}
class Blender extends item({
  ...spec,
  typeName: 'engine_blender',
  attributes: {
    plug: dependsOn(() => Plug, { customize: plug => Object.assign(plug, { name: 'made' }) }),
    speed: integer(),
  },
}) {}
class Toaster extends item({ ...spec, typeName: 'engine_toaster', attributes: { plug: dependsOn(() => Plug) } }) {}
class Breakfast extends item({
  ...spec,
  typeName: 'engine_breakfast',
  attributes: { toaster: dependsOn(() => Toaster), blender: dependsOn(() => Blender) },
}) {}
/** Says only by a method what it is a powerup for, and may fail to be installed. */
class Kettle extends item({ ...spec, typeName: 'engine_kettle', attributes: { plug: dependsOn(() => Plug) } }) {
  isBroken = false
  override getPowerupInterfaces() {
    return [IKitchen]
  }
  override installed(): void {
    if (this.isBroken) throw new Error('it leaks')
  }
}
registerItemTypes(Plug, Blender, Toaster, Breakfast, Kettle)

const installed = (store: Store) =>
  store
    .query(DependencyConnector)
    .toArray()
    .map(each => [each.store.typeNameOf(each.store.storedReference(each, 'installee')), each.explicitlyInstalled])

describe('dependencies', () => {
  it('behaviour 132: installing installs requirements once, uninstalling removes orphans only', () => {
    using store = Store.inMemory()
    const breakfast = store.create(Breakfast, {})
    installOn(breakfast, store)
    expect(installed(store)).toEqual([
      ['engine_plug', false],
      ['engine_toaster', false],
      ['engine_blender', false],
      ['engine_breakfast', true],
    ])
    expect(breakfast.toaster?.plug).toBe(breakfast.blender?.plug)
    expect(store.powerupsFor(IKitchen)).toEqual([breakfast.toaster?.plug])
    const second = store.create(Toaster, {})
    installOn(second, store)
    expect(second.plug).toBe(breakfast.toaster?.plug)
    uninstallFrom(breakfast, store)
    expect(installed(store)).toEqual([
      ['engine_plug', false],
      ['engine_toaster', true],
    ])
    uninstallFrom(second, store)
    expect([installed(store), store.powerupsFor(IKitchen)]).toEqual([[], []])
    expect([store.query(Plug).count(), store.query(Toaster).count()]).toEqual([1, 2])
  })

  it('behaviour 133: what was installed explicitly is never removed implicitly', () => {
    using store = Store.inMemory()
    const plug = store.create(Plug, { name: 'mine' })
    installOn(plug, store)
    const toaster = store.create(Toaster, {})
    installOn(toaster, store)
    expect(toaster.plug).toBe(plug)
    uninstallFrom(toaster, store)
    expect(installed(store)).toEqual([['engine_plug', true]])
    expect(store.powerupsFor(IKitchen)).toEqual([plug])
  })

  it('behaviour 134: what is required cannot be uninstalled, and stays a powerup', () => {
    using store = Store.inMemory()
    const toaster = store.create(Toaster, {})
    installOn(toaster, store)
    const plug = toaster.plug as Plug
    // The original has powered it down by then.
    expect(() => uninstallFrom(plug, store)).toThrow(DependencyError)
    expect([installed(store).length, store.powerupsFor(IKitchen)]).toEqual([2, [plug]])
    expect(installedDependents(plug, store)).toEqual([toaster])
    expect(installedRequirements(toaster, store)).toEqual([plug])
    expect(installedUniqueRequirements(toaster, store)).toEqual([plug])
    expect(installedOn(plug)).toBe(store)
  })

  it('created requirements are customized and told; found ones are left as they are', () => {
    using store = Store.inMemory()
    const blender = store.create(Blender, { speed: 3 })
    installOn(blender, store)
    expect(blender.plug).toMatchObject({ name: 'made', calls: ['installed on store'] })
    using other = Store.inMemory()
    const plug = other.create(Plug, { name: 'mine' })
    installOn(plug, other)
    installOn(other.create(Blender, {}), other)
    expect(plug).toMatchObject({ name: 'mine', calls: ['installed on store'] })
    expect(() => installOn(plug, other)).toThrow(DependencyError)
    expect(() => uninstallFrom(other.create(Plug, {}), other)).toThrow(DependencyError)
  })

  it('a failing installed() undoes the installation with all that it made', () => {
    using store = Store.inMemory()
    const kettle = store.create(Kettle, {})
    kettle.isBroken = true
    expect(() => installOn(kettle, store)).toThrow('it leaks')
    expect([kettle.plug, store.query(Plug).count(), installed(store)]).toEqual([null, 0, []])
    expect([installedOn(kettle), store.powerupsFor(IKitchen)]).toEqual([undefined, []])
  })

  it('what its class says by a method goes with the installation, too', () => {
    using store = Store.inMemory()
    const kettle = store.create(Kettle, {})
    installOn(kettle, store)
    expect(store.powerupsFor(IKitchen)).toEqual([kettle.plug, kettle])
    uninstallFrom(kettle, store)
    expect([installed(store), store.powerupsFor(IKitchen)]).toEqual([[], []])
  })

  it('an item can be the target', () => {
    using store = Store.inMemory()
    const [home, away] = [store.create(Breakfast, {}), store.create(Breakfast, {})]
    const [one, two] = [store.create(Toaster, {}), store.create(Toaster, {})]
    installOn(one, home)
    installOn(two, away)
    expect(one.plug).not.toBe(two.plug)
    expect(one.plug?.calls).toEqual([`installed on ${home.storeID}`])
    expect([home.powerupsFor(IKitchen), store.powerupsFor(IKitchen)]).toEqual([[one.plug], []])
    const plug = one.plug as Plug
    uninstallFrom(one, home)
    expect(plug.calls.at(-1)).toBe('uninstalled')
  })
})
