/**
 * What a site needs to take in the application store of an offering: that it has not got one already, and the code of the
 * offering, which alone knows what it requires of a site.
 */
import type { ApplicationRecord } from '../../offerings/application-record.js'
import { listDeclaredOfferings } from '../../offerings/declarations.js'
import { findInstalledOffering } from '../../offerings/installed-offerings.js'
import { loadOffering } from '../../offerings/load-offering.js'
import type { Offering } from '../../offerings/offering.js'
import { PublicWeb } from '../../offerings/site-items/public-pages.js'
import type { Site } from '../../site/site.js'
import { TransferRefusedError } from '../transfer-errors.js'
import { assertNotBase } from './movable-application.js'

/**
 * The code of an offering whose application store is to come.
 *
 * @throws TransferRefusedError (`APP_STORE_NOT_MOVABLE`, `OFFERING_ALREADY_INSTALLED`, `URL_PREFIX_TAKEN`,
 *   `APP_STORE_NEEDS_CODE`), UntrustedSourceError, OfferingBrokenError; nothing is changed.
 */
export async function welcomeApplication(site: Site, record: ApplicationRecord): Promise<Offering> {
  assertNotBase(record.offering)
  assertRoomFor(site, record)
  return await loadCode(site, record.offering)
}

/** To be asked again in each transaction that relies on it. */
export function assertRoomFor(site: Site, { offering, pages }: ApplicationRecord): void {
  const installed = findInstalledOffering(site.store, offering)
  if (installed !== undefined) {
    throw new TransferRefusedError(`offering ${installed.offeringName} is installed at ${site.directory} already`, {
      code: 'OFFERING_ALREADY_INSTALLED',
      hint: 'a site has one application store of an offering: keep that one, or take it away first',
      details: { offering: installed.offeringName, site: site.directory },
    })
  }
  for (const { prefixURL } of pages) {
    if (site.store.findFirst(PublicWeb, PublicWeb.prefixURL.equals(prefixURL)) === undefined) continue
    throw new TransferRefusedError(`/${prefixURL}/ is another application at ${site.directory}`, {
      code: 'URL_PREFIX_TAKEN',
      hint: `see what is installed: mantissa --site ${site.directory} offering list --installed`,
      details: { offering, prefixURL, site: site.directory },
    })
  }
}

async function loadCode(site: Site, name: string): Promise<Offering> {
  if (listDeclaredOfferings(site).some(declared => declared.name === name)) return await loadOffering(name, site)
  throw new TransferRefusedError(`${site.directory} has not got the code of offering ${name}, so it cannot serve it`, {
    code: 'APP_STORE_NEEDS_CODE',
    hint: `say where its package is: mantissa --site ${site.directory} offering add-source <dir>`,
    details: { offering: name, site: site.directory },
  })
}
