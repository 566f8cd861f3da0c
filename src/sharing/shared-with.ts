import { quoteName } from '../store-engine/database/sql-value.js'
import { Comparison, type Scope } from '../store-engine/queries/comparison.js'
import type { Viewer } from './pages/page.js'
import { AUTHENTICATED, EVERYONE } from './roles.js'
import { Role, RoleRelationship, Share } from './share-items.js'

/** Who looks: a role of the store, or somebody whose role is to be found. */
export type Audience = Role | Viewer

/**
 * Shares that are meant for somebody: with their role, or a group that this belongs to, however indirectly. It is one
 * condition inside the query that it is part of, so that nothing is read, or written, to find the roles first.
 *
 * Somebody's role is the one of their address, else Authenticated, else Everyone; that of a visitor is Everyone.
 */
export function sharedWith(audience: Audience): Comparison {
  return new Comparison([Share.itemType.source], scope => {
    const { engine } = scope.store
    const roles = engine.findTable(Role) === undefined ? undefined : quoteName(Role.itemType.table)
    if (roles === undefined) return '0'
    const isGrouped = engine.findTable(RoleRelationship) !== undefined
    const first = `SELECT oid FROM ${roles} WHERE oid = ${writeRole(audience, scope, roles)}`
    const mine = isGrouped
      ? `WITH RECURSIVE mine(role) AS (${first} UNION ${writeGroups(roles)}) SELECT role FROM mine`
      : first
    return `${scope.column(Share.sharedTo)} IN (${mine})`
  })
}

function writeRole(audience: Audience, scope: Scope, roles: string): string {
  if (audience instanceof Role) return scope.bind(BigInt(audience.storeID))
  const names = audience.address === null ? [EVERYONE] : namesOf(audience.address)
  const found = names.map(name => `(SELECT min(oid) FROM ${roles} WHERE externalID = ${scope.bind(name)})`)
  return found.length === 1 ? found.join() : `coalesce(${found.join(', ')})`
}

/** As stored first: old names may not be NFC. Only an address can be a person's name; groups have none. */
function namesOf(address: string): readonly string[] {
  const personal = address.includes('@') ? new Set([address, address.normalize('NFC')]) : []
  return [...personal, AUTHENTICATED, EVERYONE]
}

/** Groups of what is in `mine`; one whose role is gone counts for nothing. */
function writeGroups(roles: string): string {
  const relationships = quoteName(RoleRelationship.itemType.table)
  return (
    `SELECT groups.oid FROM mine JOIN ${relationships} AS r ON r.member = mine.role ` +
    `JOIN ${roles} AS groups ON groups.oid = r.[group]`
  )
}
