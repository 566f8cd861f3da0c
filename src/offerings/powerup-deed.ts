/**
 * Giving a person something of an offering, and taking it away.
 *
 * Both touch two stores: the user's, where the powerup is installed and an Installation says so, and the site's,
 * where the product stands and a plain table notes who has what. The deed is recorded in the site first; what decides
 * is the one transaction in the user's store. Recovery looks whether the Installation is there and makes the site say
 * the same, which needs no code of the offering.
 *
 * A user store that is being moved is sealed, and the site's rows of its owner are fenced with it: both verbs then
 * fail as busy and nothing is changed.
 */
import type { LoginAccount } from '../accounts/login-account.js'
import { IntegrityError } from '../base/errors.js'
import { noteAccountChange } from '../site/account-fence.js'
import { beginDeed, type Deed, finishDeed, registerDeedRecovery } from '../site/deeds.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import { noteEndowment, removeEndowment } from './endowments.js'
import { classNameOf, type InstallablePowerup, type Offering } from './offering.js'
import { PowerupNotFoundError } from './offering-errors.js'
import { findInstallation, recordProduct } from './product-installation.js'

export const ENDOW = 'offering-endow'
export const DEPRIVE = 'offering-deprive'

export interface PowerupChange {
  readonly offering: string
  readonly powerup: string
  readonly status: 'done' | 'already'
}

/** The powerup of that name, or all of the offering. @throws PowerupNotFoundError, also when there are none at all. */
export function choosePowerups(offering: Offering, powerup?: string): readonly InstallablePowerup[] {
  const all = offering.installablePowerups
  const chosen = powerup === undefined ? all : all.filter(each => each.name === powerup)
  if (chosen.length > 0) return chosen
  throw new PowerupNotFoundError(
    offering.name,
    powerup ?? 'for people',
    all.map(each => each.name),
  )
}

/** What a deed over one powerup needs to be recovered without the offering's code. */
type Detail = {
  readonly accountId: number
  readonly offering: string
  readonly powerup: string
  readonly className: string
}

/**
 * One powerup given or taken: the intent, then `decide`, a transaction in the user's store, then whatever the site has
 * to say about it.
 */
export function changePowerup(
  site: Site,
  kind: typeof ENDOW | typeof DEPRIVE,
  subject: { readonly account: LoginAccount; readonly offering: Offering; readonly powerup: InstallablePowerup },
  decide: (userStore: Store) => PowerupChange['status'],
): PowerupChange {
  const { account, offering, powerup } = subject
  const named = { offering: offering.name, powerup: powerup.name }
  const detail: Detail = { accountId: account.storeID, ...named, className: classNameOf(powerup.itemClass) }
  return inUserStore(account, userStore => {
    const deed = beginChange(site, kind, detail)
    try {
      return { ...named, status: userStore.transact(() => decide(userStore)) }
    } finally {
      settle(site, deed)
    }
  })
}

function beginChange(site: Site, kind: typeof ENDOW | typeof DEPRIVE, detail: Detail): Deed {
  return site.store.transact(() => {
    noteAccountChange(site, detail.accountId)
    return beginDeed(site, kind, detail)
  })
}

/** Whether the user's store has an installation of the powerup. */
export function hasPowerup(userStore: Store, powerup: InstallablePowerup): boolean {
  return findInstallation(userStore, classNameOf(powerup.itemClass)) !== undefined
}

/** Calls `work` with the store of a site's account, as writable as the site is; see SubStore.use. */
export function inUserStore<T>(account: LoginAccount, work: (userStore: Store) => T): T {
  const { avatars } = account
  if (avatars instanceof SubStore) return avatars.use(work, { readonly: account.store.readonly })
  throw new IntegrityError(`account ${account.storeID} of ${account.store.directory} has no store`, {
    code: 'ACCOUNT_WITHOUT_STORE',
    hint: 'restore the site from a backup, or remove the account',
  })
}

/** Makes the site's rows say what the user's store says; may run any number of times. */
function settle(site: Site, deed: Deed): void {
  const { accountId, offering, powerup, className } = deed.detail as Detail
  site.store.transact(() => {
    const account = site.store.findItemById(accountId) as LoginAccount | undefined
    const has = (userStore: Store) => findInstallation(userStore, className) !== undefined
    if (account !== undefined && inUserStore(account, has)) {
      recordProduct(site.store, className)
      noteEndowment(site, accountId, { offering, powerup })
    } else removeEndowment(site, accountId, { offering, powerup })
    finishDeed(site, deed)
  })
}

registerDeedRecovery(ENDOW, settle)
registerDeedRecovery(DEPRIVE, settle)
