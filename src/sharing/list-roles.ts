import type { Store } from '../store-engine/store.js'
import { AUTHENTICATED, EVERYONE, membersOf } from './roles.js'
import { Role, Share } from './share-items.js'

/** A role as its store holds it. */
export interface ListedRole {
  readonly name: string
  readonly kind: 'everyone' | 'authenticated' | 'person' | 'group'
  /** Names of its direct members. */
  readonly members: readonly string[]
  /** How many shares are meant for it, not counting those of its groups. */
  readonly shares: number
}

/** Every role of a store, the oldest first. */
export function* listRoles(store: Store): Generator<ListedRole> {
  for (const role of store.query(Role)) {
    yield {
      name: role.externalID,
      kind: kindOf(role.externalID),
      members: membersOf(role).map(({ externalID }) => externalID),
      shares: store.query(Share, { where: Share.sharedTo.equals(role) }).count(),
    }
  }
}

function kindOf(name: string): ListedRole['kind'] {
  if (name === EVERYONE) return 'everyone'
  if (name === AUTHENTICATED) return 'authenticated'
  return name.includes('@') ? 'person' : 'group'
}
