import { expect, it } from 'vitest'
import {
  addMember,
  allRoles,
  findRole,
  getAuthenticatedRole,
  getEveryoneRole,
  getGroupRole,
  getPrimaryRole,
  membersOf,
  removeMember,
} from '../../src/sharing/roles.js'
import { shareItem } from '../../src/sharing/share-item.js'
import { Role, RoleRelationship, Share } from '../../src/sharing/share-items.js'
import { Store } from '../../src/store-engine/store.js'
import { IReadable, Thing } from './shared-things.js'

const namesOf = (roles: readonly Role[]) => roles.map(({ externalID }) => externalID)

it('a person is one of Authenticated, which is one of Everyone', () => {
  using store = Store.inMemory()
  const alice = getPrimaryRole(store, 'alice@example.com')
  expect(namesOf(allRoles(alice))).toEqual(['alice@example.com', 'Authenticated', 'Everyone'])
  expect(membersOf(getAuthenticatedRole(store))).toEqual([alice])
  expect(getPrimaryRole(store, null)).toBe(getEveryoneRole(store))
})

it('roles are made once, whatever the case of letters A to Z and the normal form', () => {
  using store = Store.inMemory()
  const zoe = getPrimaryRole(store, 'zoe\u0308@example.com')
  expect(zoe.externalID).toBe('zoë@example.com')
  expect(getPrimaryRole(store, 'ZOË@Example.com'.replace('Ë', 'ë'))).toBe(zoe)
  expect(getPrimaryRole(store, 'zoe\u0308@EXAMPLE.com')).toBe(zoe)
  getEveryoneRole(store)
  getAuthenticatedRole(store)
  expect(store.query(Role).count()).toBe(3)
})

it('groups hold groups, in circles too', () => {
  using store = Store.inMemory()
  const [family, friends, club] = ['family', 'friends', 'club'].map(name => getGroupRole(store, name)) as [
    Role,
    Role,
    Role,
  ]
  const bob = getPrimaryRole(store, 'bob@example.com')
  addMember(friends, family)
  addMember(club, friends)
  addMember(family, club)
  addMember(family, bob)
  expect(new Set(namesOf(allRoles(bob)))).toEqual(
    new Set(['bob@example.com', 'Authenticated', 'family', 'Everyone', 'friends', 'club']),
  )
  expect(new Set(allRoles(club))).toEqual(new Set([club, family, friends]))
})

it('adding and removing a member again changes nothing', () => {
  using store = Store.inMemory()
  const group = getGroupRole(store, 'friends')
  const bob = getPrimaryRole(store, 'bob@example.com')
  expect([addMember(group, bob), addMember(group, bob)]).toEqual([true, false])
  expect(membersOf(group)).toEqual([bob])
  expect([removeMember(group, bob), removeMember(group, bob)]).toEqual([true, false])
  expect(allRoles(bob)).not.toContain(group)
})

it('a role that is deleted takes its shares and memberships with it', () => {
  using store = Store.inMemory()
  const group = getGroupRole(store, 'friends')
  addMember(group, getPrimaryRole(store, 'bob@example.com'))
  shareItem(group, store.create(Thing, { title: 'x' }), { shareID: 'x', interfaces: [IReadable] })
  group.deleteFromStore()
  expect(store.query(Share).count()).toBe(0)
  expect(store.query(RoleRelationship).count()).toBe(2)
  expect(store.query(Thing).count()).toBe(1)
})

it.each(['', ' friends', 'a\nb', 'a@b', 'ab'.repeat(101)])('a group cannot be called %j', name => {
  using store = Store.inMemory()
  expect(() => getGroupRole(store, name)).toThrow(expect.objectContaining({ code: 'INVALID_ROLE' }))
})

it.each(['alice', '@', 'a/b@example.com'])('a person cannot be called %j, and nothing is created', name => {
  using store = Store.inMemory()
  expect(() => getPrimaryRole(store, name)).toThrow(expect.objectContaining({ code: 'INVALID_ADDRESS' }))
  expect(findRole(store, name)).toBeUndefined()
  expect(store.query(Role).count()).toBe(0)
})
