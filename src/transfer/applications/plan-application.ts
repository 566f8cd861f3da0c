import type { ApplicationRecord } from '../../offerings/application-record.js'
import { countUsers } from '../../offerings/count-installations.js'
import type { Offering } from '../../offerings/offering.js'
import { missingOfferings } from '../../offerings/required-offerings.js'
import { missingRequirements } from '../../offerings/site-requirements.js'
import type { Site } from '../../site/site.js'
import { findItemClass } from '../../store-engine/items/registry.js'
import type { ManifestItemType } from '../archive/manifest.js'
import type { UserStoreFacts } from '../copying/describe-store.js'
import { welcomeApplication } from './arriving-application.js'
import { declaredVersion, describeLeaving, type LeavingApplication, warningsOfLeaving } from './leaving-application.js'
import { assertDispensable } from './movable-application.js'

/** What moving the application store of an offering means for the two sites; part of a transfer's plan. */
export interface ApplicationPlan extends Omit<LeavingApplication, 'version'> {
  /** Of its code as each site declares it; null where it declares none. */
  readonly versionHere: string | null
  readonly versionThere: string | null
  /** Types of what the offering requires and the target has not: it is made there. */
  readonly siteRequirements: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * Finds out whether an application store can move, and what that means. Loads the code of the offering at the target, and
 * none at the source: one process holds one version of it.
 *
 * @throws TransferRefusedError, or why its code cannot be loaded; nothing is changed.
 */
export async function planApplication(
  source: Site,
  target: Site,
  facts: UserStoreFacts,
): Promise<ApplicationPlan | null> {
  const { application, itemTypes } = facts
  if (application === null) return null
  assertDispensable(source, application)
  const offering = await welcomeApplication(target, application)
  const { version, ...known } = describeLeaving(source, facts, application)
  const leaving = { ...known, users: countUsers(source, offering) }
  const versionThere = declaredVersion(target, application.offering)
  return {
    ...leaving,
    versionHere: version,
    versionThere,
    siteRequirements: requirementsMissing(target, offering),
    warnings: [
      ...warningsOfLeaving({ version, ...leaving }),
      ...warningsOfStaying(offering),
      ...(version !== null && versionThere !== null && version !== versionThere
        ? [`${offering.name} is of version ${version} here and ${versionThere} there`]
        : []),
      ...warningsOfArriving(target, offering, itemTypes),
      `its name stays taken here: mantissa offering install ${offering.name} --reuse-name begins it anew`,
    ],
  }
}

interface ArrivingApplication {
  readonly application: ApplicationRecord
  readonly itemTypes: readonly ManifestItemType[]
}

/**
 * What taking in an application store means for a site.
 *
 * @throws what keeps the site from it, as {@link welcomeApplication} does.
 */
export async function warningsOfApplication(
  site: Site,
  { application, itemTypes }: ArrivingApplication,
): Promise<readonly string[]> {
  const offering = await welcomeApplication(site, application)
  const powerups = application.powerups.map(each => each.interface)
  return [
    `it is the application store of the offering ${offering.name}, which is installed with it`,
    ...warningsOfArriving(site, offering, itemTypes),
    ...(powerups.length === 0
      ? []
      : [`its store has answered for the whole site, which is not made so here: ${powerups.join(', ')}`]),
  ]
}

function warningsOfStaying({ siteRequirements }: Offering): readonly string[] {
  if (siteRequirements.length === 0) return []
  const types = siteRequirements.map(each => each.itemClass.itemType.typeName)
  return [`what it required of this site stays, since others may need it: ${types.join(', ')}`]
}

function warningsOfArriving(site: Site, offering: Offering, itemTypes: readonly ManifestItemType[]): readonly string[] {
  const missing = requirementsMissing(site, offering)
  // Those that use it leave the other site first, so what they use comes after them.
  const others = missingOfferings(site, offering.name)
  const newer = itemTypes.filter(
    ({ typeName, version, items }) => items > 0 && version > (findItemClass(typeName)?.itemType.version ?? version),
  )
  const warnings = missing.length === 0 ? [] : [`made in the site that takes it in: ${missing.join(', ')}`]
  if (others.length > 0) warnings.push(`requires offerings that are not installed there yet: ${others.join(', ')}`)
  if (newer.length > 0)
    warnings.push(
      `items newer than the code there, which cannot use them: ${newer.map(({ typeName }) => typeName).join(', ')}`,
    )
  return warnings
}

function requirementsMissing(site: Site, offering: Offering): readonly string[] {
  return missingRequirements(site.store, offering).map(each => each.itemClass.itemType.typeName)
}
