import type { Site } from '../site/site.js'
import { installOn } from '../store-engine/powerups/dependency.js'
import type { Store } from '../store-engine/store.js'
import type { Offering, SiteFacts, SiteRequirement, SiteWriter } from './offering.js'

/** What an offering requires of a site and the site does not have, as if it were installed now. */
export function missingRequirements(siteStore: Store, offering: Offering): readonly SiteRequirement[] {
  return offering.siteRequirements.filter(each => isMissing(siteStore, each))
}

/** Creates and installs them, in the order of the offering; part of the transaction that installs it. */
export function provideRequirements(siteStore: Store, offering: Offering): void {
  for (const requirement of offering.siteRequirements)
    if (isMissing(siteStore, requirement)) installOn(siteStore.create(requirement.itemClass, {}), siteStore)
}

/**
 * What an offering writes in the site besides, to be called in the transaction that installs it. Nothing where it has done
 * so before: that stays when its application store leaves, and only the offering itself knows it.
 */
export async function prepareSiteOnce(site: Site, offering: Offering, facts: SiteFacts): Promise<SiteWriter> {
  const writer = hasLeft(site, offering.name) ? undefined : await offering.prepareSite?.(facts)
  return writer ?? (() => {})
}

function hasLeft(site: Site, offering: string): boolean {
  if (!site.hasAdminTables) return false
  const left = site.store.sql.get(
    `SELECT 1 FROM mantissa_transfer WHERE role = 'source' AND decision = 'commit'
      AND json_extract(plan, '$.application.offering') = ? COLLATE NOCASE`,
    offering,
  )
  return left !== undefined
}

/** Satisfied already, for instance by another offering with the same requirement? */
function isMissing(siteStore: Store, { face, itemClass }: SiteRequirement): boolean {
  return face === undefined ? siteStore.findFirst(itemClass) === undefined : siteStore.powerupsFor(face).length === 0
}
