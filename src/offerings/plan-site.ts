import { findAccountByAddress } from '../accounts/find-account.js'
import { formatAddress } from '../base/address.js'
import { PUBLIC_URL, readSetting } from '../site/settings.js'
import { Site } from '../site/site.js'
import { wouldChangeAdministration } from './administrative-rights.js'
import type { CreatedSite } from './create-site.js'
import { findInstalledOffering } from './installed-offerings.js'
import {
  assertHostname,
  assertSameSite,
  BASE_OFFERING,
  type CreateSiteOptions,
  chooseHostname,
  hasStoreAt,
  hostnameOf,
  parsePublicUrl,
} from './site-options.js'

/** What `createSite` would do, without touching anything. */
export function planSite(directory: string, options: CreateSiteOptions = {}): CreatedSite {
  assertHostname(options.hostname)
  const publicUrl = options.publicUrl === undefined ? null : parsePublicUrl(options.publicUrl)
  const admin = options.adminAddress === undefined ? null : formatAddress(options.adminAddress)
  const adminStatus = admin === null ? null : 'done'
  const fresh: CreatedSite = {
    site: directory,
    status: 'done',
    hostname: chooseHostname(options),
    publicUrl,
    admin,
    adminStatus,
  }
  if (!hasStoreAt(directory)) return fresh
  using site = Site.open(directory, { readonly: true })
  return planCompletion(site, options, fresh)
}

function planCompletion(site: Site, options: CreateSiteOptions, fresh: CreatedSite): CreatedSite {
  if (findInstalledOffering(site.store, BASE_OFFERING) === undefined) return { ...fresh, site: site.directory }
  assertSameSite(site, options)
  const account = options.adminAddress && findAccountByAddress(site, options.adminAddress)
  const isAdmin = account !== undefined && !wouldChangeAdministration(site, account, true)
  const adminStatus = fresh.admin === null ? null : isAdmin ? 'already' : 'done'
  const known = readSetting<string | null>(site, PUBLIC_URL, null)
  const hasUrl = fresh.publicUrl === null || fresh.publicUrl === known
  return {
    ...fresh,
    site: site.directory,
    status: hasUrl && adminStatus !== 'done' ? 'already' : 'done',
    hostname: hostnameOf(site),
    publicUrl: known ?? fresh.publicUrl,
    adminStatus,
  }
}
