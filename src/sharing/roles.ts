/**
 * Roles: whom a store may show something to, as the store itself sees people.
 *
 * `Everyone` is everybody who asks. `Authenticated` is everybody who has logged in, and is one of Everyone. A person has
 * a role named by their address, one of Authenticated; a group is a role without `@` in its name whose members are other
 * roles, groups among them. What is shared with a role is shared with its members, theirs, and so on; a circle of groups
 * is one group.
 *
 * Roles are rows of the store that shares, so each store has its own. They come into being when something is shared or a
 * member is added. Looking creates none: somebody for whom a store has no role is seen as Authenticated, as in the
 * original (see `shared-with`). A personal role that was made by hand and is no member of Authenticated does not see
 * what that sees, which is also the original's rule.
 *
 * Names compare as the column does, letters A to Z without case; new ones are in NFC.
 */
import { parseAddress } from '../base/address.js'
import { and } from '../store-engine/queries/comparison.js'
import type { Store } from '../store-engine/store.js'
import { InvalidRoleError } from './share-errors.js'
import { Role, RoleRelationship } from './share-items.js'

export const EVERYONE = 'Everyone'
export const AUTHENTICATED = 'Authenticated'

/** The role of all who ask; created where the store has none. */
export function getEveryoneRole(store: Store): Role {
  return store.findOrCreate(Role, { externalID: EVERYONE })
}

/** The role of all who have logged in, one of Everyone; created where the store has none. */
export function getAuthenticatedRole(store: Store): Role {
  return findRole(store, AUTHENTICATED) ?? createMember(store, AUTHENTICATED, getEveryoneRole)
}

/**
 * The role of a person, one of Authenticated, or Everyone for nobody in particular; created where the store has none.
 * @throws InvalidAddressError for what is nobody's address; nothing is created.
 */
export function getPrimaryRole(store: Store, address: string | null): Role {
  if (address === null || address === '') return getEveryoneRole(store)
  const known = findRole(store, address)
  if (known !== undefined) return known
  const { localpart, domain } = parseAddress(address)
  return createMember(store, `${localpart}@${domain}`, getAuthenticatedRole)
}

/** A group; created, without members, where the store has none. @throws InvalidRoleError for a name that is none. */
export function getGroupRole(store: Store, name: string): Role {
  const known = findRole(store, name)
  return known ?? store.create(Role, { externalID: parseGroupName(name) })
}

/** The role of that name, whatever it is; undefined where the store has none. */
export function findRole(store: Store, name: string): Role | undefined {
  const sort = Role.storeID.ascending
  const named = (text: string) => store.findFirst(Role, Role.externalID.equals(text), { sort })
  return named(name) ?? named(name.normalize('NFC'))
}

/** Makes `member` one of `group`; being one already is not an error. Answers whether anything had to be changed. */
export function addMember(group: Role, member: Role): boolean {
  return group.store.transact(() => {
    if (isMember(group, member)) return false
    group.store.create(RoleRelationship, { group, member })
    return true
  })
}

/** The contrary; not being one is not an error. Answers whether anything had to be changed. */
export function removeMember(group: Role, member: Role): boolean {
  return group.store.query(RoleRelationship, { where: membership(group, member) }).deleteFromStore() > 0
}

/** The direct members of a group. */
export function membersOf(group: Role): readonly Role[] {
  const where = and(RoleRelationship.group.equals(group), RoleRelationship.member.equals(Role.storeID))
  return group.store.query(Role, { where, sort: Role.storeID.ascending }).distinct().toArray()
}

/** The role and every group that it belongs to, directly or through others; each once, nearer ones first. */
export function allRoles(role: Role): readonly Role[] {
  const roles = new Set([role])
  for (const each of roles) {
    const where = and(RoleRelationship.member.equals(each), RoleRelationship.group.equals(Role.storeID))
    for (const group of role.store.query(Role, { where, sort: Role.storeID.ascending })) roles.add(group)
  }
  return [...roles]
}

function createMember(store: Store, externalID: string, groupOf: (store: Store) => Role): Role {
  return store.transact(() => {
    const role = store.create(Role, { externalID })
    addMember(groupOf(store), role)
    return role
  })
}

function isMember(group: Role, member: Role): boolean {
  return group.store.findFirst(RoleRelationship, membership(group, member)) !== undefined
}

function membership(group: Role, member: Role) {
  return and(RoleRelationship.group.equals(group), RoleRelationship.member.equals(member))
}

const LONGEST_NAME = 200

/** The name of a group that is to be. @throws InvalidRoleError. */
export function parseGroupName(typed: string): string {
  const name = typed.normalize('NFC')
  if (name.trim() === '' || name !== name.trim())
    throw new InvalidRoleError(typed, 'is empty, or begins or ends in space')
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) throw new InvalidRoleError(typed, 'has a control character')
  if (name.includes('@')) throw new InvalidRoleError(typed, 'has an "@", as only a person\'s has')
  if (Buffer.byteLength(name) > LONGEST_NAME) throw new InvalidRoleError(typed, `has more than ${LONGEST_NAME} bytes`)
  return name
}
