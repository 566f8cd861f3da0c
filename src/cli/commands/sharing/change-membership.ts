import { getGroup, getRole, lookUpGroup, lookUpRole } from '../../../sharing/named-roles.js'
import { addMember, findRole, membersOf, removeMember } from '../../../sharing/roles.js'
import type { MembershipOptions } from './role-members.js'
import type { ChangedMembership } from './role-view.js'
import type { SharingStore } from './sharing-store.js'

export interface MembershipChange {
  readonly done: 'added' | 'removed'
  readonly dryRun: boolean
}

/**
 * Adds a member to a group or removes it, in a transaction of the store, or finds out in a dry run what would be done.
 * @throws InvalidRoleError for a group that can be none; NoSuchRoleError for a member, or a group to be removed from.
 */
export function changeMembership(
  { store, address }: SharingStore,
  given: MembershipOptions,
  { done, dryRun }: MembershipChange,
): ChangedMembership {
  const group = done === 'added' ? lookUpGroup(store, given.group) : lookUpRole(store, given.group)
  const member = lookUpRole(store, given.member)
  const [groupRole, memberRole] = [findRole(store, group), findRole(store, member)]
  const isMember = groupRole !== undefined && memberRole !== undefined && membersOf(groupRole).includes(memberRole)
  const outcome = { address, group, member }
  if (isMember === (done === 'added')) return { ...outcome, status: 'already' }
  if (dryRun) return { ...outcome, status: 'planned' }
  store.transact(() => {
    if (done === 'added') addMember(getGroup(store, given.group), getRole(store, given.member))
    else if (groupRole !== undefined && memberRole !== undefined) removeMember(groupRole, memberRole)
  })
  return { ...outcome, status: done }
}
