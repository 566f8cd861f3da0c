/**
 * Who is an administrator, and of what: the one answer that everything asks for.
 *
 * As in the original, there is no role. Somebody is an administrator who owns administrative powerups in the store of
 * their own, and a site may withhold what they say (`site/rights-withheld`): it does so for everybody who arrives from
 * elsewhere. Both are asked anew each time, so that what was taken away has no effect any more, whatever session is open.
 *
 * Giving and taking touch two stores and need no recorded deed: giving changes the user's store first and taking it
 * last, so between the steps somebody is no administrator, and the same call again goes on.
 */
import { subStoreOf } from '../accounts/account-rows.js'
import type { LoginAccount } from '../accounts/login-account.js'
import { MantissaError } from '../base/errors.js'
import { rightsWithheld, withholdRights, yieldRights } from '../site/rights-withheld.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import {
  ADMINISTRATIVE_RIGHTS,
  type AdministrativeRight,
  isAdministrator,
  makeAdministrator,
  rightsIn,
  unmakeAdministrator,
} from './administrator.js'

const NONE: ReadonlySet<AdministrativeRight> = new Set()

/** What the owner of `userStore` may administer at this site now; empty for everybody who is no administrator. */
export function administrativeRights(
  site: Site,
  account: LoginAccount,
  userStore: Store,
): ReadonlySet<AdministrativeRight> {
  if (account.isDisabled || rightsWithheld(site, account.storeID) !== undefined) return NONE
  return rightsIn(userStore)
}

/**
 * `yes` for somebody who has all rights, `partly` for some. `not here` is somebody whose store brings rights that this
 * site withholds. A disabled account is what it will be when it is enabled.
 */
export type Standing = 'yes' | 'partly' | 'no' | 'not here'

/** What somebody is called who asks whether an account is an administrator. */
export function standingOf(site: Site, account: LoginAccount, userStore: Store): Standing {
  const { size } = rightsIn(userStore)
  if (size === 0) return 'no'
  if (rightsWithheld(site, account.storeID) !== undefined) return 'not here'
  return size === ADMINISTRATIVE_RIGHTS.length ? 'yes' : 'partly'
}

/** The same of an account whose store may be damaged: null where it cannot be read. Nothing is written. */
export function tryStandingOf(site: Site, account: LoginAccount): Standing | null {
  const subStore = subStoreOf(account)
  if (subStore === undefined) return 'no'
  try {
    return subStore.use(store => standingOf(site, account, store), { readonly: true, tolerateNewer: true })
  } catch (error) {
    if (error instanceof MantissaError) return null
    throw error
  }
}

/**
 * Makes somebody an administrator of this site, in everything. False where there was nothing to do.
 *
 * @throws StoreSealedError and what else writing the user's store does; they are then what they were.
 */
export function grantAdministration(site: Site, account: LoginAccount): boolean {
  const isNew = subStoreOf(account)?.use(makeAdministrator) ?? false
  if (rightsWithheld(site, account.storeID) === undefined) return isNew
  yieldRights(site, account.storeID)
  return true
}

/**
 * Makes sure that somebody is no administrator of this site. False where their store has no rights to take.
 *
 * @throws what opening or writing the user's store does; they are no administrator then all the same.
 */
export function revokeAdministration(site: Site, account: LoginAccount): boolean {
  if (rightsWithheld(site, account.storeID) === undefined) withholdRights(site, account.storeID, 'revoked')
  return subStoreOf(account)?.use(unmakeAdministrator) ?? false
}

/** What {@link grantAdministration} or, where `wanted` is false, {@link revokeAdministration} would return. */
export function wouldChangeAdministration(site: Site, account: LoginAccount, wanted: boolean): boolean {
  const change = (store: Store) => (wanted ? !isAdministrator(store) : rightsIn(store).size > 0)
  const changesStore = subStoreOf(account)?.use(change, { readonly: true }) ?? false
  return changesStore || (wanted && rightsWithheld(site, account.storeID) !== undefined)
}
