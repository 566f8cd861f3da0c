import { type AccountRecord, isApplication } from '../../accounts/account-record.js'
import type { LoginAccount } from '../../accounts/login-account.js'
import { foldCase } from '../../base/address.js'
import {
  type ApplicationRecord,
  installedOfferingsOf,
  readApplicationRecord,
} from '../../offerings/application-record.js'
import { dependentOfferings } from '../../offerings/required-offerings.js'
import { BASE_OFFERING } from '../../offerings/site-options.js'
import type { Site } from '../../site/site.js'
import { TransferRefusedError } from '../transfer-errors.js'

/**
 * What the site holds for an account that is the application store of an offering; null for a person's.
 *
 * @throws TransferRefusedError (`APP_STORE_NOT_MOVABLE`) for a store that cannot be taken out of its site.
 */
export function movableApplication(site: Site, account: LoginAccount, record: AccountRecord): ApplicationRecord | null {
  const offerings = installedOfferingsOf(site.store, account).map(({ offeringName }) => offeringName)
  const [offering, ...others] = offerings
  if (offering === undefined) {
    if (!isApplication(record)) return null
    const [method] = record.methods
    throw notMovable(`${method?.localpart} is named like an application store, and no offering is installed for it`)
  }
  assertNotBase(offering)
  if (others.length > 0) throw notMovable(`${offerings.join(' and ')} have one application store`)
  if (!record.methods.some(({ localpart, domain }) => domain === null && foldCase(localpart) === foldCase(offering)))
    throw notMovable(`the account of the application store of ${offering} has another name`)
  return readApplicationRecord(site.store, account)
}

/** @throws TransferRefusedError (`APP_STORE_NOT_MOVABLE`) for the one offering that each site has of its own. */
export function assertNotBase(offering: string): void {
  if (foldCase(offering) === BASE_OFFERING)
    throw notMovable(`${offering} is what makes a store a site, so it belongs to one alone`)
}

/** @throws TransferRefusedError (`OFFERING_REQUIRED`) while another offering of the site uses its application store. */
export function assertDispensable(site: Site, { offering }: ApplicationRecord): void {
  const dependents = dependentOfferings(site, offering)
  const [first] = dependents
  if (first === undefined) return
  throw new TransferRefusedError(`${dependents.join(', ')} of this site requires ${offering}`, {
    code: 'OFFERING_REQUIRED',
    hint: `move ${first} away first, or export a copy and leave ${offering} here`,
    details: { offering, dependents },
  })
}

function notMovable(message: string): TransferRefusedError {
  return new TransferRefusedError(message, {
    code: 'APP_STORE_NOT_MOVABLE',
    hint: 'see what is installed: mantissa offering list --installed',
  })
}
