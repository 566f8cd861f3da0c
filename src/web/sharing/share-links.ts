/**
 * Where shares are on the web. People's are below `/users/<localpart>/`, those of an application store below the prefix
 * of its offering; the default share stands at the bare slash.
 *
 * The localpart is that of an internal address: one that this site maintains. It is enough where nobody else of the site
 * has the same in another domain; else the whole address is the name, which is always understood.
 */
import { LoginMethod } from '../../accounts/login-method.js'
import { foldCase } from '../../base/address.js'
import { InstalledOffering } from '../../offerings/installed-offering.js'
import { PublicWeb } from '../../offerings/site-items/public-pages.js'
import { findDefaultShareID } from '../../sharing/default-share.js'
import { findPublicName } from '../../sharing/identifier.js'
import { and } from '../../store-engine/queries/comparison.js'
import type { Store } from '../../store-engine/store.js'
import { SubStore } from '../../store-engine/sub-store.js'

/** The path of what a store shares by an ID, encoded; null where the store has no name on the web. */
export function linkToShare(store: Store, shareID: string): string | null {
  const root = linkToStore(store)
  if (root === null) return null
  return isDefaultShare(store, shareID) ? root : `${root}${encodeSegment(shareID)}`
}

/** Whether a share stands where no ID is named. */
export function isDefaultShare(store: Store, shareID: string): boolean {
  const defaultID = findDefaultShareID(store)
  return defaultID !== undefined && foldCase(defaultID) === foldCase(shareID)
}

/** The path below which a store's shares are, with a slash at the end; null where it has no name on the web. */
export function linkToStore(store: Store): string | null {
  const prefix = prefixOf(store)
  if (prefix !== undefined) return `/${prefix.split('/').map(encodeSegment).join('/')}/`
  const name = publicNameOf(store)
  return name === undefined ? null : `/users/${encodeSegment(name)}/`
}

/** A segment of a path as one; whatever is in it, it ends nothing and means no directory. */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%40', '@')
}

/** The prefix of an application store; undefined for everybody else's. */
function prefixOf({ parent, idInParent }: Store): string | undefined {
  const own = parent === null || idInParent === null ? undefined : parent.findItemById(idInParent)
  if (parent === null || !(own instanceof SubStore)) return undefined
  const installed = parent.findFirst(InstalledOffering, InstalledOffering.application.equals(own))
  if (installed === undefined) return undefined
  return parent.findFirst(PublicWeb, PublicWeb.application.equals(own))?.prefixURL ?? installed.offeringName
}

/** The localpart of a person's oldest internal address, or all of it where the site has another such localpart. */
function publicNameOf(store: Store): string | undefined {
  const method = findPublicName(store)
  return method !== undefined && isAmbiguous(store, method) ? method.address : method?.localpart
}

/** Whether the site has another account of that localpart; the store knows its own methods only. */
function isAmbiguous({ parent, idInParent }: Store, { localpart, domain }: LoginMethod): boolean {
  const same = and(LoginMethod.localpart.equals(localpart), LoginMethod.internal.equals(true))
  const elsewhere = and(same, LoginMethod.domain.notEquals(domain))
  const others = parent === null ? [] : parent.query(LoginMethod, { where: elsewhere })
  for (const { account } of others) if (account.avatars !== parent?.findItemById(idInParent ?? 0)) return true
  return false
}
