import { describe, expect, it } from 'vitest'
import { text } from '../../../src/store-engine/attributes/attributes.js'
import { reference } from '../../../src/store-engine/attributes/reference.js'
import {
  BrokenReferenceError,
  ConstraintError,
  CrossStoreReferenceError,
  DeletionDisallowedError,
} from '../../../src/store-engine/errors.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { Store } from '../../../src/store-engine/store.js'
import { Everything, FixtureNode } from '../fixture-items.js'
import { Note } from '../test-items.js'

/** Goes when what it follows goes, whatever that is. */
class Follower extends item({
  typeName: 'engine_follower',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text(), follows: reference({ whenDeleted: 'cascade' }) },
}) {}
/** Forbids the deletion of what it keeps, whatever that is. */
class Keeper extends item({
  typeName: 'engine_keeper',
  version: 1,
  module: 'axiom.item',
  attributes: { keeps: reference({ whenDeleted: 'disallow' }) },
}) {}
/** Cannot be without what it needs. */
class Needy extends item({
  typeName: 'engine_needy',
  version: 1,
  module: 'axiom.item',
  attributes: { needs: reference(() => Note, { allowNull: false }) },
}) {}
registerItemTypes(Follower, Keeper, Needy)

function family(store: Store) {
  const top = store.create(Everything, { notNone: 'top' })
  const owned = ['a', 'b'].map(name => store.create(FixtureNode, { name, owner: top }))
  const child = store.create(FixtureNode, { name: 'child', parent: owned[0] as FixtureNode })
  return { top, owned, child }
}

describe('references', () => {
  it('behaviour 136: references across stores are refused, when set, when created and when compared', () => {
    using one = Store.inMemory()
    using two = Store.inMemory()
    const [mine, theirs] = [one.create(Note, { name: 'mine' }), two.create(Note, { name: 'theirs' })]
    for (const foreign of [theirs, two]) {
      expect(() => Object.assign(mine, { parent: foreign })).toThrow(
        foreign === two ? ConstraintError : CrossStoreReferenceError,
      )
    }
    expect(() => one.create(Note, { name: 'x', parent: theirs })).toThrow(CrossStoreReferenceError)
    // The original compares the bare number here and finds a stranger.
    expect(() => one.query(Note, { where: Note.parent.equals(theirs) }).count()).toThrow(CrossStoreReferenceError)
    expect([mine.parent, one.query(Note).count()]).toEqual([null, 1])
  })

  it('behaviour 137: DISALLOW blocks the deletion of an item and of a query', () => {
    using store = Store.inMemory()
    const guarded = store.create(Everything, { notNone: 'guarded' })
    const guard = store.create(FixtureNode, { name: 'guard', guard: guarded })
    const free = store.create(Everything, { notNone: 'free' })
    expect(() => guarded.deleteFromStore()).toThrow(DeletionDisallowedError)
    expect(() => store.query(Everything).deleteFromStore()).toThrow(
      expect.objectContaining({
        code: 'DELETION_DISALLOWED',
        message: expect.stringContaining('fixture_node.guard of item 2'),
      }),
    )
    expect([guarded.isStored, free.isStored, guard.guard]).toEqual([true, true, guarded])
    guard.deleteFromStore()
    expect(store.query(Everything).deleteFromStore()).toBe(2)
  })

  it('behaviour 138: CASCADE follows the deletion of an item and of a query', () => {
    using store = Store.inMemory()
    const { top, owned, child } = family(store)
    top.deleteFromStore()
    expect([top, ...owned].map(each => each.isStored)).toEqual([false, false, false])
    expect([child.isStored, child.parent]).toEqual([true, null])
    const second = family(store)
    store.query(Everything, { where: Everything.notNone.equals('top') }).deleteFromStore()
    expect(second.owned.map(each => each.isStored)).toEqual([false, false])
    expect(store.sql.value('SELECT count(*) FROM axiom_objects WHERE type_id != -1')).toBe(2)
  })

  it('behaviour 138: a cascade that meets a DISALLOW undoes everything', () => {
    using store = Store.inMemory()
    const { top, owned } = family(store)
    const followers = [top, top].map(follows => store.create(Follower, { follows }))
    const last = store.create(Follower, { name: 'last', follows: followers[1] as Follower })
    const keeper = store.create(Keeper, { keeps: last })
    const all = [top, ...owned, ...followers, last, keeper]
    expect(() => top.deleteFromStore()).toThrow(/engine_keeper.keeps/)
    expect(all.map(each => each.isStored)).toEqual(all.map(() => true))
    expect(() => store.query(Everything).deleteFromStore()).toThrow(DeletionDisallowedError)
    expect([last.follows, owned[0]?.owner, store.query(Follower).count()]).toEqual([followers[1], top, 3])
    keeper.keeps = null
    top.deleteFromStore()
    expect(store.query(Follower).count()).toBe(0)
  })

  it('a cascade in a circle, and from an item to itself, ends', () => {
    using store = Store.inMemory()
    const [one, two] = [store.create(Follower, { name: '1' }), store.create(Follower, { name: '2' })]
    one.follows = two
    two.follows = one
    one.deleteFromStore()
    expect([one.isStored, two.isStored]).toEqual([false, false])
    const narcissus = store.create(Follower, {})
    narcissus.follows = narcissus
    narcissus.deleteFromStore()
    expect(store.query(Follower).count()).toBe(0)
  })

  it('behaviour 139: a reverted deletion restores references', () => {
    using store = Store.inMemory()
    const { top, owned, child } = family(store)
    const undo = () =>
      store.transact(() => {
        top.deleteFromStore()
        expect([owned[0]?.isStored, child.parent]).toEqual([false, null])
        throw new Error('undo')
      })
    expect(undo).toThrow('undo')
    expect([owned[0]?.owner, child.parent, top.isStored]).toEqual([top, owned[0], true])
    expect(store.query(FixtureNode).count()).toBe(3)
  })

  it('NULLIFY keeps the number on disk and reads as null; a comparison with null does not match', () => {
    using store = Store.inMemory()
    const { owned, child } = family(store)
    owned[0]?.deleteFromStore()
    expect(child.parent).toBeNull()
    expect(store.storedReference(child, 'parent')).toBe(2)
    expect(store.query(FixtureNode, { where: FixtureNode.parent.equals(null) }).toArray()).not.toContain(child)
  })

  it('a comparison with a deleted item finds what still refers to it; with one that never was it is refused', () => {
    using store = Store.inMemory()
    const { owned, child } = family(store)
    const [parent] = owned
    const orphans = store.query(FixtureNode, { where: FixtureNode.parent.equals(parent as FixtureNode) })
    store.transact(() => {
      parent?.deleteFromStore()
      expect(orphans.toArray()).toEqual([child])
    })
    expect(store.query(FixtureNode, { where: FixtureNode.parent.oneOf(owned) }).toArray()).toEqual([child])
    expect(orphans.deleteFromStore()).toBe(1)
    let unborn: FixtureNode | undefined
    const undo = () =>
      store.transact(() => {
        unborn = store.create(FixtureNode, { name: 'unborn' })
        throw new Error('undo')
      })
    expect(undo).toThrow('undo')
    const never = store.query(FixtureNode, { where: FixtureNode.parent.equals(unborn as FixtureNode) })
    expect(() => never.count()).toThrow(ConstraintError)
  })

  it('a reference that may not be null and dangles is a broken reference', () => {
    using store = Store.inMemory()
    const needed = store.create(Note, { name: 'needed' })
    const needy = store.create(Needy, { needs: needed })
    needed.deleteFromStore()
    expect(() => needy.needs).toThrow(BrokenReferenceError)
    expect(() => store.create(Needy, { needs: needed })).toThrow(ConstraintError)
  })
})
