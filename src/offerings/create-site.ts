/**
 * A site from nothing: a store, the base offering, perhaps an administrator.
 *
 * It is made in steps, each of them whole: the directory with an empty store appears by a rename; the base offering
 * with its configuration, certificate and ports is one transaction (see `install-offering`); the administrator's
 * account is a recorded deed, and the powerups are a transaction in that account's store. A crash leaves a site that
 * lacks some of the last steps, and the same call again adds exactly those. So it can also be called on a store that
 * the original made, with or without its base offering.
 *
 * What exists is not changed: not the host name, not a password.
 */
import { createAccount } from '../accounts/create-account.js'
import { findAccountByAddress } from '../accounts/find-account.js'
import { type Address, formatAddress } from '../base/address.js'
import { PUBLIC_URL, readSetting, writeSetting } from '../site/settings.js'
import { createSiteStore, Site } from '../site/site.js'
import { grantAdministration } from './administrative-rights.js'
import { makeAdministrator } from './administrator.js'
import { installOffering } from './install-offering.js'
import { findInstalledOffering } from './installed-offerings.js'
import { loadOffering } from './load-offering.js'
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

/** `done` was made now, `already` was there. */
export type StepStatus = 'done' | 'already'

export interface CreatedSite {
  /** Absolute, symbolic links resolved. */
  readonly site: string
  readonly status: StepStatus
  readonly hostname: string
  readonly publicUrl: string | null
  readonly admin: string | null
  readonly adminStatus: StepStatus | null
}

/**
 * Makes or completes the site in `directory`.
 *
 * @throws ConflictError (`SITE_DIFFERS`) when the site exists with another host name or public URL than the given;
 *   ConflictError when `directory` holds something else; InvalidInputError for a host name or URL that is none.
 */
export async function createSite(directory: string, options: CreateSiteOptions = {}): Promise<CreatedSite> {
  assertHostname(options.hostname)
  const publicUrl = options.publicUrl === undefined ? undefined : parsePublicUrl(options.publicUrl)
  const passwordHash = await newAdminPasswordHash(directory, options)
  using site = openOrCreate(directory, options)
  const baseStatus = await installBase(site, options)
  const urlStatus = setPublicUrl(site, publicUrl)
  const admin = options.adminAddress
  const adminStatus = admin === undefined ? null : ensureAdministrator(site, admin, passwordHash)
  return {
    site: site.directory,
    status: [baseStatus, urlStatus, adminStatus].includes('done') ? 'done' : 'already',
    hostname: hostnameOf(site),
    publicUrl: readSetting<string | null>(site, PUBLIC_URL, null),
    admin: admin === undefined ? null : formatAddress(admin),
    adminStatus,
  }
}

function openOrCreate(directory: string, options: CreateSiteOptions): Site {
  const { actor, clock, journalMode } = options
  const rest = {
    ...(actor === undefined ? {} : { actor }),
    ...(clock === undefined ? {} : { clock }),
    ...(journalMode === undefined ? {} : { journalMode }),
  }
  return hasStoreAt(directory) ? Site.open(directory, rest) : createSiteStore(directory, rest)
}

async function installBase(site: Site, options: CreateSiteOptions): Promise<StepStatus> {
  if (findInstalledOffering(site.store, BASE_OFFERING) !== undefined) {
    assertSameSite(site, options)
    return 'already'
  }
  const base = await loadOffering(BASE_OFFERING)
  await installOffering(site, base, { hostname: chooseHostname(options) })
  return 'done'
}

function setPublicUrl(site: Site, publicUrl: string | undefined): StepStatus {
  if (publicUrl === undefined || readSetting<string | null>(site, PUBLIC_URL, null) === publicUrl) return 'already'
  writeSetting(site, PUBLIC_URL, publicUrl)
  return 'done'
}

async function newAdminPasswordHash(directory: string, options: CreateSiteOptions): Promise<string | null> {
  const { adminAddress, adminPasswordHash } = options
  if (adminAddress === undefined || adminPasswordHash === undefined) return null
  return hasAccount(directory, adminAddress) ? null : await adminPasswordHash()
}

function hasAccount(directory: string, address: Address): boolean {
  if (!hasStoreAt(directory)) return false
  using site = Site.open(directory, { readonly: true })
  return findAccountByAddress(site, address) !== undefined
}

/** A new account is born with its powerups; one that exists is given those it lacks. */
function ensureAdministrator(site: Site, address: Address, passwordHash: string | null): StepStatus {
  const found = findAccountByAddress(site, address)
  if (found === undefined) {
    createAccount(site, { address, passwordHash }, { prepare: makeAdministrator })
    return 'done'
  }
  return grantAdministration(site, found) ? 'done' : 'already'
}
