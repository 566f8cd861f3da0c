import type { LoginAccount } from '../accounts/login-account.js'
import type { Site } from '../site/site.js'
import { getInstalledOffering } from './installed-offerings.js'
import type { Offering } from './offering.js'
import { changePowerup, choosePowerups, ENDOW, hasPowerup, inUserStore, type PowerupChange } from './powerup-deed.js'
import { installPowerup } from './product-installation.js'

/** What {@link endow} would do: `already` for each powerup that the account has. */
export function planEndowment(
  site: Site,
  account: LoginAccount,
  offering: Offering,
  powerup?: string,
): readonly PowerupChange[] {
  getInstalledOffering(site.store, offering.name)
  return inUserStore(account, userStore =>
    choosePowerups(offering, powerup).map(each => ({
      offering: offering.name,
      powerup: each.name,
      status: hasPowerup(userStore, each) ? 'already' : 'done',
    })),
  )
}

/**
 * Installs powerups of an installed offering (one, or all) in the user's store, each all or nothing.
 * @throws OfferingNotInstalledError, PowerupNotFoundError, StoreSealedError, AccountMovingError
 */
export function endow(
  site: Site,
  account: LoginAccount,
  offering: Offering,
  powerup?: string,
): readonly PowerupChange[] {
  getInstalledOffering(site.store, offering.name)
  return choosePowerups(offering, powerup).map(each =>
    changePowerup(site, ENDOW, { account, offering, powerup: each }, userStore => {
      if (hasPowerup(userStore, each)) return 'already'
      installPowerup(userStore, each.itemClass)
      return 'done'
    }),
  )
}
