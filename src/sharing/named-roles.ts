/** Roles as a person names them: `everyone`, `authenticated`, an address, a group. */
import { foldCase, formatAddress, parseAddress } from '../base/address.js'
import { nearestNames } from '../base/nearest-names.js'
import type { Store } from '../store-engine/store.js'
import {
  AUTHENTICATED,
  EVERYONE,
  findRole,
  getAuthenticatedRole,
  getEveryoneRole,
  getGroupRole,
  getPrimaryRole,
  parseGroupName,
} from './roles.js'
import { NoSuchRoleError } from './share-errors.js'
import { Role } from './share-items.js'

/** The role that is meant; that of a person is created where the store has none. @throws as {@link lookUpRole} does. */
export function getRole(store: Store, typed: string): Role {
  const name = lookUpRole(store, typed)
  if (name === EVERYONE) return getEveryoneRole(store)
  return name === AUTHENTICATED ? getAuthenticatedRole(store) : (findRole(store, name) ?? getPrimaryRole(store, name))
}

/** The name of that role; nothing is created. @throws NoSuchRoleError, with names that look alike; InvalidAddressError. */
export function lookUpRole(store: Store, typed: string): string {
  const known = reservedName(typed) ?? findRole(store, typed)?.externalID
  if (known !== undefined) return known
  if (typed.includes('@')) return formatAddress(parseAddress(typed))
  const roles = store.query(Role, { limit: 1000 }).toArray()
  const names = new Set([EVERYONE, AUTHENTICATED, ...roles.map(({ externalID }) => externalID)])
  throw new NoSuchRoleError(typed, nearestNames(typed, names))
}

/** A role that can have members, created where the store has none. @throws InvalidRoleError. */
export function getGroup(store: Store, typed: string): Role {
  const name = lookUpGroup(store, typed)
  return reservedName(name) === undefined ? getGroupRole(store, name) : getRole(store, name)
}

/** The name of that role; nothing is created. @throws InvalidRoleError. */
export function lookUpGroup(store: Store, typed: string): string {
  const name = reservedName(typed) ?? findRole(store, parseGroupName(typed))?.externalID
  return name ?? parseGroupName(typed)
}

function reservedName(typed: string): string | undefined {
  return [EVERYONE, AUTHENTICATED].find(name => foldCase(name) === foldCase(typed))
}
