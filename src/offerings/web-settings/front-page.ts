import { NotFoundError } from '../../base/errors.js'
import type { Site } from '../../site/site.js'
import type { Store } from '../../store-engine/store.js'
import { InstalledOffering } from '../installed-offering.js'
import { getInstalledOffering } from '../installed-offerings.js'
import { OfferingNotInstalledError } from '../offering-errors.js'
import { FrontPage } from '../site-items/public-pages.js'

/** The name of the offering that is shown at `/`; null for the list of all, and where there is no front page. */
export function describeFrontPage(siteStore: Store): string | null {
  const page = siteStore.findFirst(FrontPage)
  const application = page === undefined ? null : siteStore.storedReference(page, 'defaultApplication')
  if (application === null) return null
  const installed = siteStore.query(InstalledOffering).toArray()
  return installed.find(each => siteStore.storedReference(each, 'application') === application)?.offeringName ?? null
}

/** Whether {@link setFrontPage} would change anything; throws as it does. */
export function planFrontPage(site: Site, offering: string | null): boolean {
  frontPageOf(site)
  const wanted = offering === null ? null : getInstalledOffering(site.store, offering).offeringName
  return describeFrontPage(site.store) !== wanted
}

/**
 * Shows an installed offering at `/`, or the list of all. Says whether that changed anything.
 * @throws OfferingNotInstalledError, also where its application store has moved away; NotFoundError
 *   (`NO_FRONT_PAGE`). Nothing was changed.
 */
export function setFrontPage(site: Site, offering: string | null): boolean {
  return site.store.transact(() => {
    if (!planFrontPage(site, offering)) return false
    const application = offering === null ? null : getInstalledOffering(site.store, offering).application
    if (offering !== null && application === null) throw new OfferingNotInstalledError(offering)
    frontPageOf(site).defaultApplication = application
    return true
  })
}

function frontPageOf({ store, directory }: Site): FrontPage {
  const page = store.findFirst(FrontPage)
  if (page !== undefined) return page
  throw new NotFoundError(`${directory} has no front page`, {
    code: 'NO_FRONT_PAGE',
    hint: `mantissa create-site ${directory}`,
    details: { site: directory },
  })
}
