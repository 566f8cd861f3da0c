import { MantissaError } from '../base/errors.js'
import type { Site } from '../site/site.js'
import { getInstalledOfferingNames } from './installed-offerings.js'
import { loadOffering } from './load-offering.js'

export interface UnloadedOffering {
  readonly offering: string
  readonly error: MantissaError
}

/**
 * Loads the code of every installed offering, so that its item types are known. What cannot be loaded (it is not here, is
 * not trusted, or is broken) is returned: its items are then of types without code, and carried untouched.
 */
export async function loadInstalledOfferings(site: Site): Promise<readonly UnloadedOffering[]> {
  const unloaded: UnloadedOffering[] = []
  for (const offering of getInstalledOfferingNames(site.store)) {
    try {
      await loadOffering(offering, site)
    } catch (error) {
      if (!(error instanceof MantissaError)) throw error
      unloaded.push({ offering, error })
    }
  }
  return unloaded
}
