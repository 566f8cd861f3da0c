/**
 * Who may log in.
 *
 * A site has one login system: the realm that finds people and the checker that believes them. Per account there is a
 * login account, whose `avatars` is the user's store, and one login method per address. The user's own store holds a
 * copy of both, its account pointing at the store itself; that copy is what makes a user store transferable.
 *
 * The site's copy is authoritative. Whoever changes an account changes the site in one transaction, which also
 * records the deed, and then brings the user's copy up to date (`sync-user-store`); a crash in between is made good
 * by the next opening.
 *
 * Unlike the original's, an address belongs to one account: over all login methods, whatever their protocol, disabled
 * accounts included, letter case of A to Z ignored, and names that are reserved by a deed or left behind by a move
 * count as well (`address-free`).
 *
 * Accounts whose only method has no domain are the application stores of offerings; nobody logs in with them.
 */
import { integer } from '../store-engine/attributes/attributes.js'
import { item } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'
import { installOn } from '../store-engine/powerups/dependency.js'
import { defineInterface } from '../store-engine/powerups/interface.js'
import type { Store } from '../store-engine/store.js'
import { NoLoginSystemError } from './errors.js'
import './login-upgrades.js'

/** Finds the avatar of somebody who has logged in. */
export const IRealm = defineInterface('twisted.cred.portal.IRealm')

/** Decides whether somebody is who they say. */
export const ICredentialsChecker = defineInterface('twisted.cred.checkers.ICredentialsChecker')

/** The realm and checker of a site; it counts what it lets in and what it refuses. */
export class LoginSystem extends item({
  typeName: 'login_system',
  version: 1,
  module: 'axiom.userbase',
  attributes: {
    failedLogins: integer({ default: 0 }),
    loginCount: integer({ default: 0 }),
  },
  powerupInterfaces: [ICredentialsChecker, IRealm],
}) {}

registerItemTypes(LoginSystem)

/** The site's login system, or undefined where none was installed. */
export function findLoginSystem(siteStore: Store): LoginSystem | undefined {
  return siteStore.findFirst(LoginSystem)
}

/** @throws NoLoginSystemError */
export function getLoginSystem(siteStore: Store): LoginSystem {
  const system = findLoginSystem(siteStore)
  if (system === undefined) throw new NoLoginSystemError(siteStore.directory)
  return system
}

/** Gives a store a login system, installed as its realm and checker; the one it has already is returned unchanged. */
export function installLoginSystem(siteStore: Store): LoginSystem {
  return siteStore.transact(() => {
    const existing = findLoginSystem(siteStore)
    if (existing !== undefined) return existing
    const system = siteStore.create(LoginSystem, {})
    installOn(system, siteStore)
    return system
  })
}
