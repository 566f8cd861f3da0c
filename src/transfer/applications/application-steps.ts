/**
 * The parts of a move's steps that an application store has and a person's has not. Each runs in the transaction of its
 * step: at the source the offering's records go with the account, at the target they come with it.
 */

import { subStoreOf } from '../../accounts/account-rows.js'
import type { LoginAccount } from '../../accounts/login-account.js'
import type { JsonObject } from '../../base/json.js'
import { type ApplicationRecord, insertApplicationRows } from '../../offerings/application-record.js'
import { findInstalledOffering } from '../../offerings/installed-offerings.js'
import { prepareSiteOnce, provideRequirements } from '../../offerings/site-requirements.js'
import type { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { VerificationError } from '../transfer-errors.js'
import { assertRoomFor, welcomeApplication } from './arriving-application.js'

/** Where the plan of a transfer keeps what a site holds for the application store. */
export const APPLICATION = 'application'

/** The application store that a transfer moves; null for a person's. */
export function plannedApplication({ plan }: Pick<TransferRow, 'plan'>): ApplicationRecord | null {
  return (plan[APPLICATION] ?? null) as unknown as ApplicationRecord | null
}

/** Its part of a plan; nothing for a person's. */
export function planOfApplication(application: ApplicationRecord | null) {
  return application === null ? {} : { [APPLICATION]: structuredClone(application) as unknown as JsonObject }
}

/** Writes what belongs to the application store, with what its offering requires of the site. */
export type ApplicationWriter = (account: LoginAccount) => void

/**
 * Loads what has to be loaded before the transaction of `admit`. For a person there is nothing to write.
 *
 * @throws whatever keeps the site from serving the offering: its code has gone since the plan was made, for instance.
 */
export async function prepareApplication(site: Site, row: TransferRow): Promise<ApplicationWriter> {
  const application = plannedApplication(row)
  if (application === null) return () => {}
  const offering = await welcomeApplication(site, application)
  const writeSite = await prepareSiteOnce(site, offering, {})
  return account => {
    assertRoomFor(site, application)
    provideRequirements(site.store, offering)
    const subStore = subStoreOf(account)
    if (subStore !== undefined) insertApplicationRows(site.store, subStore, application)
    writeSite(site.store)
  }
}

/** @throws VerificationError where the offering is not found by its name at the target, or leads elsewhere. */
export function probeApplication(site: Site, row: TransferRow, account: LoginAccount): void {
  const application = plannedApplication(row)
  if (application === null) return
  const installed = findInstalledOffering(site.store, application.offering)
  if (installed?.application === subStoreOf(account)) return
  throw new VerificationError(`the offering ${application.offering} does not lead to its application store`)
}
