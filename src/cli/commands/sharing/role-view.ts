import type { ListedRole } from '../../../sharing/list-roles.js'
import type { View } from '../../view.js'

/** One line per role in `role list`. */
export const roleView: View<ListedRole> = {
  name: { title: 'role', value: ({ name }) => name, isWhole: true },
  kind: { title: 'kind', value: ({ kind }) => kind },
  members: { title: 'members', value: ({ members }) => [...members] },
  shares: { title: 'shares', value: ({ shares }) => shares, align: 'right' },
}

/** What became of a membership. */
export interface ChangedMembership {
  readonly status: 'added' | 'removed' | 'already' | 'planned'
  readonly address: string
  readonly group: string
  readonly member: string
}

export const changedMembershipView: View<ChangedMembership> = {
  status: { title: 'status', value: ({ status }) => status },
  address: { title: 'store', value: ({ address }) => address },
  group: { title: 'group', value: ({ group }) => group },
  member: { title: 'member', value: ({ member }) => member },
}
