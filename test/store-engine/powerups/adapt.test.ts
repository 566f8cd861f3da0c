import { describe, expect, it } from 'vitest'
import { LoginAccount } from '../../../src/accounts/login-account.js'
import { text } from '../../../src/store-engine/attributes/attributes.js'
import { ConstraintError, UnsatisfiedRequirementError } from '../../../src/store-engine/errors.js'
import { item } from '../../../src/store-engine/items/item.js'
import type { OfferedInterface } from '../../../src/store-engine/items/item-type.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { adapt, registerAdapter, registerAggregate } from '../../../src/store-engine/powerups/adapt.js'
import { defineInterface } from '../../../src/store-engine/powerups/interface.js'
import { PowerupConnector } from '../../../src/store-engine/powerups/powerup.js'
import { requireFromSite } from '../../../src/store-engine/powerups/site-requirement.js'
import { Store } from '../../../src/store-engine/store.js'
import { SubStore } from '../../../src/store-engine/sub-store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Note } from '../test-items.js'

interface Greeter {
  greet(): string
}
const IGreeter = defineInterface<Greeter>('engine.adapt.IGreeter', ['greet'])
const IRare = defineInterface<Greeter>('engine.adapt.IRare')
const IService = defineInterface<Greeter>('engine.adapt.IService')
const spec = { version: 1, module: 'axiom.item', attributes: { name: text() } } as const

class Host extends item({ ...spec, typeName: 'engine_host', powerupInterfaces: [[IGreeter, 2]] }) {
  greet(): string {
    return `hello from ${this.name}`
  }
  /** Says no while it has no name. */
  override getPowerupInterfaces(declared: readonly OfferedInterface[]): Iterable<OfferedInterface> {
    return this.name === null ? [] : declared
  }
}
class Wrong extends item({ ...spec, typeName: 'engine_wrong' }) {
  override getPowerupInterfaces(): Iterable<OfferedInterface> {
    return ['engine.adapt.IGreeter'] as unknown as OfferedInterface[]
  }
}
registerItemTypes(Host, Wrong)

/** Never called: sentences for the compiler. */
function misuse(store: Store, note: Note, host: Host): void {
  store.powerUp(host, IGreeter)
  // @ts-expect-error a note cannot greet
  store.powerUp(note, IGreeter)
  // @ts-expect-error a note cannot greet, whatever it is asked on
  host.powerUp(note, IGreeter)
  // @ts-expect-error no such member
  defineInterface<Greeter>('engine.adapt.IGreeter', ['great'])
  // @ts-expect-error what answers is a Greeter
  store.powerupsFor(IGreeter)[0]?.sing()
}

/** A site in a directory, with a substore. */
function siteAndSub(): { site: Store; subStore: SubStore } {
  const site = Store.create(`${temporaryDirectory()}/site.axiom`)
  return { site, subStore: SubStore.createNew(site, ['app', 'greetings.axiom']) }
}

describe('adapting', () => {
  it('prefers the powerup of the highest priority, then the item itself, then an adapter', () => {
    expect(misuse).toBeTypeOf('function')
    using store = Store.inMemory()
    const [one, two] = [store.create(Host, { name: 'one' }), store.create(Host, { name: 'two' })]
    expect(adapt(store, IGreeter)).toBeUndefined()
    store.powerUp(one, IGreeter)
    store.powerUp(two, IGreeter, 1)
    expect(adapt(store, IGreeter)?.greet()).toBe('hello from two')
    expect(adapt(one, IGreeter)).toBe(one)
    one.powerUp(two, IGreeter)
    expect(adapt(one, IGreeter)).toBe(two)
    const note = store.create(Note, { name: 'note' })
    expect(adapt(note, IGreeter)).toBeUndefined()
    registerAdapter(Note, IGreeter, ({ name }) => ({ greet: () => `a note called ${name}` }))
    expect(adapt(note, IGreeter)?.greet()).toBe('a note called note')
    expect(adapt(note, IRare)).toBeUndefined()
  })

  it('a powerup in memory answers first, one for each interface, and leaves the database alone', () => {
    using store = Store.inMemory()
    store.powerUp(store.create(Host, { name: 'stored' }), IGreeter, 9)
    for (const name of ['first', 'second']) store.powerups.addInMemory(store, { greet: () => name }, IGreeter)
    expect(store.powerupsFor(IGreeter).map(each => each.greet())).toEqual(['second', 'hello from stored'])
    expect(store.powerupsFor(IRare)).toEqual([])
    expect(store.query(PowerupConnector).count()).toBe(1)
    using again = Store.fromImage(store.serialize({ wal: false }))
    expect(again.powerupsFor(IGreeter).map(each => each.greet())).toEqual(['hello from stored'])
  })

  it('a class may decide what its items are powerups for; nonsense is refused and writes nothing', () => {
    using store = Store.inMemory()
    const host = store.create(Host, {})
    store.powerUp(host)
    expect(store.query(PowerupConnector).count()).toBe(0)
    host.name = 'named'
    store.powerUp(host)
    expect(store.findUnique(PowerupConnector)).toMatchObject({ interface: IGreeter.name, priority: 2 })
    expect(() => store.powerUp(store.create(Wrong, {}))).toThrow(ConstraintError)
    expect(store.query(PowerupConnector).count()).toBe(1)
  })

  it('a substore that is a powerup stands for what its own store answers with', () => {
    const { site, subStore } = siteAndSub()
    using _site = site
    using store = subStore.open()
    site.powerUp(subStore, IGreeter)
    site.powerUp(subStore, IRare)
    expect([site.powerupsFor(IGreeter), adapt(site, IRare)]).toEqual([[], undefined])
    const host = store.create(Host, { name: 'below' })
    store.powerUp(host, IGreeter)
    expect(site.powerupsFor(IGreeter)).toEqual([host])
    expect(adapt(subStore, IGreeter)).toBe(host)
  })

  it("a login account answers with its user's store, on the site as in the user's own store", () => {
    const { site, subStore } = siteAndSub()
    using _site = site
    using store = subStore.open()
    const host = store.create(Host, { name: 'mine' })
    store.powerUp(host, IGreeter)
    expect(adapt(site.create(LoginAccount, { avatars: subStore, disabled: 0 }), IGreeter)).toBe(host)
    expect(adapt(store.create(LoginAccount, { avatars: store, disabled: 0 }), IGreeter)).toBe(host)
    expect(adapt(site.create(LoginAccount, { disabled: 0 }), IGreeter)).toBeUndefined()
  })

  it('an aggregated interface comes to one object for each target, made once', () => {
    const made: number[] = []
    registerAggregate(IService, (_target, powerups) => {
      made.push(powerups.length)
      return { greet: () => powerups.map(each => each.greet()).join(' and ') }
    })
    using store = Store.inMemory()
    for (const name of ['one', 'two']) store.powerUp(store.create(Host, { name }), IService)
    const all = adapt(store, IService)
    expect(all?.greet()).toBe('hello from one and hello from two')
    expect([adapt(store, IService), made]).toEqual([all, [2]])
    expect(store.powerupsFor(IService)).toHaveLength(2)
    using other = Store.inMemory()
    expect(adapt(other, IService)).not.toBe(all)
  })
})

describe('what an item needs of its site', () => {
  it("is the site's powerup, else what is made; without a parent never the store's own powerup", () => {
    const { site, subStore } = siteAndSub()
    using _site = site
    using store = subStore.open()
    const note = store.create(Note, { name: 'needy' })
    expect(() => requireFromSite(note, IGreeter)).toThrow(UnsatisfiedRequirementError)
    const made = { greet: () => 'made' }
    expect(requireFromSite(note, IGreeter, { otherwise: parent => (parent === site ? made : { greet: String }) })).toBe(
      made,
    )
    const host = site.create(Host, { name: 'site' })
    site.powerUp(host, IGreeter)
    expect(requireFromSite(note, IGreeter, { otherwise: () => made })).toBe(host)
    const ofSite = site.create(Note, { name: 'needy' })
    expect(() => requireFromSite(ofSite, IGreeter, { otherwise: () => made })).toThrow(/has nothing that is a engine/)
    expect(requireFromSite(ofSite, IGreeter, { onSite: () => made })).toBe(made)
  })
})
