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
import { noteAccountChange } from '../site/account-fence.js'
import { beginDeed, type Deed, finishDeed, registerDeedRecovery } from '../site/deeds.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import { noteEndowment, removeEndowment } from './endowments.js'
import { getInstalledOffering } from './installed-offerings.js'
import { classNameOf, type InstallablePowerup, type Offering } from './offering.js'
import { PowerupNotFoundError } from './offering-errors.js'
import { findInstallation, installPowerup, recordProduct, uninstallPowerup } from './product-installation.js'

const ENDOW = 'offering-endow'
const DEPRIVE = 'offering-deprive'

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

/** What {@link endow} would do: `already` for each powerup that the account has. */
export function planEndowment(
  site: Site,
  account: LoginAccount,
  offering: Offering,
  powerup?: string,
): readonly PowerupChange[] {
  getInstalledOffering(site.store, offering.name)
  const userStore = openUserStore(account)
  return choosePowerups(offering, powerup).map(each =>
    change(offering, each, has(userStore, each) ? 'already' : 'done'),
  )
}

/** What {@link deprive} would do: `already` for each powerup that the account does not have. */
export function planDeprivation(
  site: Site,
  account: LoginAccount,
  offering: Offering,
  powerup?: string,
): readonly PowerupChange[] {
  return planEndowment(site, account, offering, powerup).map(({ status, ...rest }) => ({
    ...rest,
    status: status === 'done' ? 'already' : 'done',
  }))
}

/**
 * Installs powerups of an installed offering in the user's store, each all or nothing.
 * @throws OfferingNotInstalledError, PowerupNotFoundError, StoreSealedError, AccountMovingError
 */
export function endow(
  site: Site,
  account: LoginAccount,
  offering: Offering,
  powerup?: string,
): readonly PowerupChange[] {
  const plan = planEndowment(site, account, offering, powerup)
  return plan.map(each => {
    const chosen = named(offering, each.powerup)
    return { ...each, status: endowWith(site, account, offering, chosen) }
  })
}

/**
 * Takes powerups away again, each all or nothing. What they have stored stays in the user's store, and is there again
 * after another {@link endow}.
 * @throws OfferingNotInstalledError, PowerupNotFoundError, DependencyError, StoreSealedError, AccountMovingError
 */
export function deprive(
  site: Site,
  account: LoginAccount,
  offering: Offering,
  powerup?: string,
): readonly PowerupChange[] {
  const plan = planDeprivation(site, account, offering, powerup)
  return plan.map(each => {
    const chosen = named(offering, each.powerup)
    return { ...each, status: depriveOf(site, account, offering, chosen) }
  })
}

function endowWith(
  site: Site,
  account: LoginAccount,
  offering: Offering,
  powerup: InstallablePowerup,
): 'done' | 'already' {
  const userStore = openUserStore(account)
  return asDeed(site, account, ENDOW, detailOf(account, offering, powerup), () =>
    userStore.transact(() => {
      if (has(userStore, powerup)) return 'already'
      installPowerup(userStore, powerup.itemClass)
      return 'done'
    }),
  )
}

function depriveOf(
  site: Site,
  account: LoginAccount,
  offering: Offering,
  powerup: InstallablePowerup,
): 'done' | 'already' {
  const userStore = openUserStore(account)
  return asDeed(site, account, DEPRIVE, detailOf(account, offering, powerup), () =>
    userStore.transact(() => {
      const installation = findInstallation(userStore, classNameOf(powerup.itemClass))
      if (installation === undefined) return 'already'
      uninstallPowerup(userStore, installation, powerup.itemClass)
      return 'done'
    }),
  )
}

/** What a deed over one powerup needs to be recovered without the offering's code. */
type Detail = {
  readonly accountId: number
  readonly offering: string
  readonly powerup: string
  readonly className: string
}

function detailOf(account: LoginAccount, offering: Offering, powerup: InstallablePowerup): Detail {
  const { name, itemClass } = powerup
  return { accountId: account.storeID, offering: offering.name, powerup: name, className: classNameOf(itemClass) }
}

/** Intent, the deciding step, and whatever the site then has to say. */
function asDeed<T>(site: Site, account: LoginAccount, kind: string, detail: Detail, decide: () => T): T {
  const deed = site.store.transact(() => {
    noteAccountChange(site, account.storeID)
    return beginDeed(site, kind, detail)
  })
  try {
    return decide()
  } finally {
    settle(site, deed)
  }
}

/** Makes the site's rows say what the user's store says; may run any number of times. */
function settle(site: Site, deed: Deed): void {
  const { accountId, offering, powerup, className } = deed.detail as Detail
  site.store.transact(() => {
    const account = site.store.findItemById(accountId) as LoginAccount | undefined
    const hasIt = account !== undefined && findInstallation(openUserStore(account), className) !== undefined
    if (hasIt) {
      recordProduct(site.store, className)
      noteEndowment(site, accountId, { offering, powerup })
    } else removeEndowment(site, accountId, { offering, powerup })
    finishDeed(site, deed)
  })
}

function openUserStore(account: LoginAccount): Store {
  const avatars = account.avatars
  if (avatars instanceof SubStore) return avatars.open({ readonly: account.store.readonly })
  throw new TypeError(`the account ${account.storeID} has no store`)
}

function has(userStore: Store, powerup: InstallablePowerup): boolean {
  return findInstallation(userStore, classNameOf(powerup.itemClass)) !== undefined
}

function change(offering: Offering, powerup: InstallablePowerup, status: PowerupChange['status']): PowerupChange {
  return { offering: offering.name, powerup: powerup.name, status }
}

function named(offering: Offering, powerup: string): InstallablePowerup {
  return choosePowerups(offering, powerup)[0] as InstallablePowerup
}

registerDeedRecovery(ENDOW, settle)
registerDeedRecovery(DEPRIVE, settle)
