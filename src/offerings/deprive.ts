import type { LoginAccount } from '../accounts/login-account.js'
import type { Site } from '../site/site.js'
import { planEndowment } from './endow.js'
import { getInstalledOffering } from './installed-offerings.js'
import { classNameOf, type Offering } from './offering.js'
import { changePowerup, choosePowerups, DEPRIVE, type PowerupChange } from './powerup-deed.js'
import { findInstallation, uninstallPowerup } from './product-installation.js'

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
 * Takes powerups (one, or all of the offering) away again, each all or nothing. What they have stored stays in the
 * user's store, and is there again after another endowment.
 * @throws OfferingNotInstalledError, PowerupNotFoundError, DependencyError, StoreSealedError, AccountMovingError
 */
export function deprive(
  site: Site,
  account: LoginAccount,
  offering: Offering,
  powerup?: string,
): readonly PowerupChange[] {
  getInstalledOffering(site.store, offering.name)
  return choosePowerups(offering, powerup).map(each =>
    changePowerup(site, DEPRIVE, { account, offering, powerup: each }, userStore => {
      const installation = findInstallation(userStore, classNameOf(each.itemClass))
      if (installation === undefined) return 'already'
      uninstallPowerup(userStore, installation, each.itemClass)
      return 'done'
    }),
  )
}
