import { MantissaError } from '../base/errors.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import type { Endowment } from './endowments.js'
import { getInstalledOfferingNames } from './installed-offerings.js'
import { loadOffering } from './load-offering.js'
import { classNameOf } from './offering.js'
import { Installation } from './product-items.js'

/**
 * What a user store says that its owner was endowed with, in terms of the offerings installed in `site`. Only these
 * are asked, since an installation names classes, and which offering has a class is known to its code alone.
 */
export async function installedEndowments(userStore: Store, site: Site): Promise<readonly Endowment[]> {
  const classNames = new Set(
    userStore
      .query(Installation)
      .toArray()
      .flatMap(({ types }) => types ?? []),
  )
  if (classNames.size === 0) return []
  const endowments: Endowment[] = []
  for (const name of getInstalledOfferingNames(site.store)) {
    const offering = await loadOffering(name, site).catch(withoutCode)
    for (const powerup of offering?.installablePowerups ?? [])
      if (classNames.has(classNameOf(powerup.itemClass))) endowments.push({ offering: name, powerup: powerup.name })
  }
  return endowments
}

/** An offering whose code cannot be loaded cannot be asked. */
function withoutCode(error: unknown): undefined {
  if (!(error instanceof MantissaError)) throw error
}
