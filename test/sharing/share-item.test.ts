import { expect, it } from 'vitest'
import { findDefaultShareID, setDefaultShare } from '../../src/sharing/default-share.js'
import { getAuthenticatedRole, getEveryoneRole } from '../../src/sharing/roles.js'
import { removeShare, shareItem, sharesOf, unshare } from '../../src/sharing/share-item.js'
import { Share } from '../../src/sharing/share-items.js'
import type { Interface } from '../../src/store-engine/powerups/interface.js'
import { Store } from '../../src/store-engine/store.js'
import { IKeeper, ILeaky, IReadable, ISibling, IWeighed, IWritable, Thing } from './shared-things.js'

function newThing(store: Store): Thing {
  return store.create(Thing, { title: 'x' })
}

it('gives an ID that nobody can guess where none is named', () => {
  using store = Store.inMemory()
  const shares = [1, 2].map(() => shareItem(getEveryoneRole(store), newThing(store), { interfaces: [IReadable] }))
  for (const { shareID } of shares) expect(shareID).toMatch(/^[0-9a-f]{32}$/)
  expect(shares[0]?.shareID).not.toBe(shares[1]?.shareID)
})

it('writes what the original reads', () => {
  using store = Store.inMemory()
  const share = shareItem(getEveryoneRole(store), newThing(store), { shareID: 'x', interfaces: [IReadable, IWritable] })
  expect(share.sharedInterfaceNames).toBe('test.sharing.IReadable,test.sharing.IWritable')
})

it('sharing again adds interfaces to the same share', () => {
  using store = Store.inMemory()
  const [role, thing] = [getEveryoneRole(store), newThing(store)]
  const share = shareItem(role, thing, { shareID: 'x', interfaces: [IReadable] })
  expect(shareItem(role, thing, { shareID: 'X', interfaces: [IWritable, IReadable] })).toBe(share)
  expect(share.sharedInterfaceNames).toBe('test.sharing.IReadable,test.sharing.IWritable')
  expect(sharesOf(thing)).toEqual([share])
})

it('never calls two items by one ID', () => {
  using store = Store.inMemory()
  shareItem(getEveryoneRole(store), newThing(store), { shareID: 'x', interfaces: [IReadable] })
  const again = () => shareItem(getAuthenticatedRole(store), newThing(store), { shareID: 'X', interfaces: [IReadable] })
  expect(again).toThrow(expect.objectContaining({ code: 'SHARE_ID_TAKEN' }))
  expect(store.query(Share).count()).toBe(1)
})

it('refuses interfaces of which two have a member of one name, in one share or in two of one ID', () => {
  using store = Store.inMemory()
  const [role, thing] = [getEveryoneRole(store), newThing(store)]
  const share = (...interfaces: Interface[]) => shareItem(role, thing, { shareID: 'x', interfaces })
  expect(() => share(IReadable, ISibling)).toThrow(expect.objectContaining({ code: 'CONFLICTING_NAMES' }))
  share(IReadable, IReadable)
  const toOthers = () => shareItem(getAuthenticatedRole(store), thing, { shareID: 'x', interfaces: [ISibling] })
  expect(toOthers).toThrow(expect.objectContaining({ code: 'CONFLICTING_NAMES' }))
})

it('refuses to share nothing, what the item has no answer for, and the store behind it', () => {
  using store = Store.inMemory()
  const role = getEveryoneRole(store)
  for (const interfaces of [[], [IKeeper]])
    expect(() => shareItem(role, newThing(store), { interfaces })).toThrow(
      expect.objectContaining({ code: 'NOT_SHAREABLE' }),
    )
  const roleAsThing = () => shareItem(role, role, { interfaces: [IReadable] })
  expect(roleAsThing).toThrow(expect.objectContaining({ code: 'NOT_SHAREABLE' }))
  expect(store.query(Share).count()).toBe(0)
})

it.each(['', '.', '..', 'a/b', 'a\\b', 'a\0', 'a\nb', '\u2028', '\ud800', 'ü'.repeat(101)])(
  'refuses the ID %j',
  shareID => {
    using store = Store.inMemory()
    const share = () => shareItem(getEveryoneRole(store), newThing(store), { shareID, interfaces: [IReadable] })
    expect(share).toThrow(expect.objectContaining({ code: 'INVALID_SHARE_ID' }))
  },
)

it.each(['…', '日本語', 'a b', '100%', '?#', 'x'.repeat(200)])('takes the ID %j', shareID => {
  using store = Store.inMemory()
  expect(shareItem(getEveryoneRole(store), newThing(store), { shareID, interfaces: [IReadable] }).shareID).toBe(shareID)
})

it('ends the shares of an item, all or some', () => {
  using store = Store.inMemory()
  const [everyone, people, thing] = [getEveryoneRole(store), getAuthenticatedRole(store), newThing(store)]
  for (const shareID of ['x', 'y'])
    for (const role of [everyone, people]) shareItem(role, thing, { shareID, interfaces: [ILeaky] })
  expect(unshare(thing, { role: people, shareID: 'x' })).toBe(1)
  expect(unshare(thing, { shareID: 'y' })).toBe(2)
  expect(unshare(thing)).toBe(1)
  expect(unshare(thing)).toBe(0)
})

it('the last share of an ID that ends is the default share no more', () => {
  using store = Store.inMemory()
  const thing = newThing(store)
  const shares = [getEveryoneRole(store), getAuthenticatedRole(store)].map(role =>
    shareItem(role, thing, { shareID: 'x', interfaces: [IWeighed] }),
  )
  setDefaultShare(store, 'x')
  for (const share of shares) {
    expect(findDefaultShareID(store)).toBe('x')
    removeShare(share)
  }
  expect(findDefaultShareID(store)).toBeUndefined()
})
