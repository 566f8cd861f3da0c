import { expect, it } from 'vitest'
import { facetAs, findShare, getShare } from '../../src/sharing/get-share.js'
import {
  addMember,
  getAuthenticatedRole,
  getEveryoneRole,
  getGroupRole,
  getPrimaryRole,
} from '../../src/sharing/roles.js'
import type { NoSuchShareError } from '../../src/sharing/share-errors.js'
import { shareItem } from '../../src/sharing/share-item.js'
import { Role, Share } from '../../src/sharing/share-items.js'
import type { Interface } from '../../src/store-engine/powerups/interface.js'
import { Store } from '../../src/store-engine/store.js'
import { cloneFixture } from '../support/fixtures.js'
import { IReadable, ISibling, IWeighed, IWritable, Thing } from './shared-things.js'

const nobody = { address: null }
const alice = { address: 'alice@example.com' }
const bob = { address: 'bob@example.com' }

function shareAs(role: Role, title: string, ...interfaces: Interface[]): Thing {
  const thing = role.store.create(Thing, { title })
  shareItem(role, thing, { shareID: title, interfaces })
  return thing
}

const membersFor = (store: Store, viewer: { address: string | null }, shareID: string) =>
  Object.keys(getShare(store, viewer, shareID).facet)

it('behaviour 117: one share ID shows different facets to different people', () => {
  using store = Store.inMemory()
  const thing = shareAs(getEveryoneRole(store), 'x', IReadable)
  shareItem(getPrimaryRole(store, 'bob@example.com'), thing, { shareID: 'x', interfaces: [IWritable] })
  expect(membersFor(store, nobody, 'x')).toEqual(['title', 'summary'])
  expect(membersFor(store, alice, 'x')).toEqual(['title', 'summary'])
  expect(membersFor(store, bob, 'x')).toEqual(['title', 'summary', 'rename'])
})

it('behaviour 118: what is not for the asker looks as if it were not there', () => {
  using store = Store.inMemory()
  shareAs(getPrimaryRole(store, 'bob@example.com'), 'x', IReadable)
  const answer = (shareID: string): object => {
    try {
      return getShare(store, alice, shareID)
    } catch (error) {
      const { code, message, hint } = error as NoSuchShareError
      return { code, message: message.replace(shareID, '?'), hint }
    }
  }
  expect(answer('x')).toEqual(answer('y'))
  expect(answer('x')).toMatchObject({ code: 'NO_SUCH_SHARE' })
})

it('what is shared with Authenticated is for all who have logged in, and for no visitor', () => {
  using store = Store.inMemory()
  shareAs(getAuthenticatedRole(store), 'x', IReadable)
  expect(findShare(store, nobody, 'x')).toBeUndefined()
  expect(findShare(store, alice, 'x')).toBeDefined()
  getPrimaryRole(store, 'alice@example.com')
  expect(findShare(store, alice, 'x')).toBeDefined()
})

it('what is shared with Everyone is for people, too, where nothing knows of Authenticated', () => {
  using store = Store.inMemory()
  shareAs(getEveryoneRole(store), 'x', IReadable)
  expect(findShare(store, alice, 'x')).toBeDefined()
})

it('a personal role outside of Authenticated does not see what that sees, as in the original', () => {
  using store = Store.inMemory()
  shareAs(getAuthenticatedRole(store), 'x', IReadable)
  store.create(Role, { externalID: 'alice@example.com' })
  expect(findShare(store, alice, 'x')).toBeUndefined()
})

it('members of groups see what is shared with them, through groups of groups', () => {
  using store = Store.inMemory()
  const [inner, outer] = [getGroupRole(store, 'inner'), getGroupRole(store, 'outer')]
  addMember(outer, inner)
  addMember(inner, outer)
  addMember(inner, getPrimaryRole(store, 'bob@example.com'))
  shareAs(outer, 'x', IReadable)
  expect(findShare(store, bob, 'x')).toBeDefined()
  expect(findShare(store, alice, 'x')).toBeUndefined()
  expect(findShare(store, inner, 'x')).toBeDefined()
  expect(findShare(store, { address: 'inner' }, 'x')).toBeUndefined()
})

it('looking writes nothing', () => {
  using store = Store.inMemory()
  expect(findShare(store, bob, 'x')).toBeUndefined()
  expect(store.typesOnDisk()).toEqual([])
  shareAs(getEveryoneRole(store), 'x', IReadable)
  const before = store.serialize({ wal: false })
  for (const viewer of [nobody, alice, bob]) getShare(store, viewer, 'x')
  expect(store.serialize({ wal: false }).equals(before)).toBe(true)
})

it('names and IDs compare as the columns do, and by their normal form', () => {
  using store = Store.inMemory()
  shareAs(getPrimaryRole(store, 'zoë@example.com'), 'Grüße', IReadable)
  const zoe = { address: 'Zoe\u0308@example.COM' }
  expect(findShare(store, zoe, 'gru\u0308ße')?.shareID).toBe('Grüße')
  expect(findShare(store, zoe, 'GRÜßE')).toBeUndefined()
  for (const odd of ['', 'x\0', '\ud800']) expect(findShare(store, zoe, odd)).toBeUndefined()
})

it('of two items that an old store calls by one ID, each viewer sees the first of theirs and no interface of the other', () => {
  using store = Store.inMemory()
  const [role, bobs] = [getEveryoneRole(store), getPrimaryRole(store, 'bob@example.com')]
  const [first, second] = ['first', 'second'].map(title => store.create(Thing, { title })) as [Thing, Thing]
  store.create(Share, { shareID: 'x', sharedItem: first, sharedTo: bobs, sharedInterfaceNames: IReadable.name })
  store.create(Share, {
    shareID: 'x',
    sharedItem: second,
    sharedTo: role,
    sharedInterfaceNames: `${IReadable.name},${IWritable.name}`,
  })
  expect(getShare(store, bob, 'x').facet).toMatchObject({ title: 'first' })
  expect(membersFor(store, bob, 'x')).toEqual(['title', 'summary'])
  expect(getShare(store, nobody, 'x').facet).toMatchObject({ title: 'second' })
})

it('interfaces that nobody has defined share nothing, and "*" means those of the class', () => {
  using store = Store.inMemory()
  const [role, thing] = [getEveryoneRole(store), store.create(Thing, { title: 'x' })]
  for (const [shareID, sharedInterfaceNames] of [
    ['all', '*'],
    ['unknown', 'somebody.IElse'],
    ['both', `somebody.IElse,${IWritable.name}`],
    ['none', ''],
  ] as const)
    store.create(Share, { shareID, sharedItem: thing, sharedTo: role, sharedInterfaceNames })
  expect(membersFor(store, nobody, 'all')).toEqual(['title', 'summary', 'rename', 'grams', 'describe'])
  expect(membersFor(store, nobody, 'both')).toEqual(['rename'])
  expect(findShare(store, nobody, 'unknown')).toBeUndefined()
  expect(findShare(store, nobody, 'none')).toBeUndefined()
})

it('an adapter answers for what the item is not itself', () => {
  using store = Store.inMemory()
  const thing = store.create(Thing, { title: 'x', weight: 3 })
  shareItem(getEveryoneRole(store), thing, { shareID: 'x', interfaces: [IWeighed] })
  const shared = getShare(store, nobody, 'x')
  expect(facetAs(shared, IWeighed)?.describe()).toBe('3000 g')
  expect(facetAs(shared, ISibling)).toBeUndefined()
})

it('an item that is gone, or whose code is not here, is not shared', () => {
  using store = Store.open(`${cloneFixture('divmod-site.axiom')}/files/account/example.net/carol.axiom`)
  expect(store.query(Share).count()).toBeGreaterThan(0)
  for (const { shareID } of store.query(Share)) expect(findShare(store, nobody, shareID)).toBeUndefined()
})
