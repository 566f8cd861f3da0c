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
import { subStoreOf } from '../accounts/account-rows.js'
import { createAccount } from '../accounts/create-account.js'
import { findAccountByAddress } from '../accounts/find-account.js'
import { type Address, formatAddress } from '../base/address.js'
import { ConflictError, InvalidInputError } from '../base/errors.js'
import { PUBLIC_URL, readSetting, writeSetting } from '../site/settings.js'
import { createSiteStore, Site, type SiteOptions } from '../site/site.js'
import { Store } from '../store-engine/store.js'
import { isAdministrator, makeAdministrator } from './administrator.js'
import { installOffering } from './install-offering.js'
import { findInstalledOffering } from './installed-offerings.js'
import { loadOffering } from './load-offering.js'
import { SiteConfiguration } from './site-items/site-configuration.js'

/** The offering that makes a store a site. */
export const BASE_OFFERING = 'mantissa-base'

export interface CreateSiteOptions extends Pick<SiteOptions, 'actor' | 'clock'> {
  /** Default: the domain of the administrator's address, else `localhost`. */
  readonly hostname?: string
  /** Base URL under which people reach the site; `http` or `https`. */
  readonly publicUrl?: string
  readonly adminAddress?: Address
  /** Called first of all, and only when the account has to be made; when it throws, nothing was done. */
  readonly adminPasswordHash?: () => Promise<string | null>
}

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

/** What {@link createSite} would do, without touching anything. */
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
  if (!Store.exists(directory)) return fresh
  using site = Site.open(directory, { readonly: true })
  return planCompletion(site, options, fresh)
}

function planCompletion(site: Site, options: CreateSiteOptions, fresh: CreatedSite): CreatedSite {
  if (findInstalledOffering(site.store, BASE_OFFERING) === undefined) return { ...fresh, site: site.directory }
  assertSameSite(site, options)
  const account = options.adminAddress && findAccountByAddress(site, options.adminAddress)
  const store = account && subStoreOf(account)?.open({ readonly: true })
  const isAdmin = store !== undefined && isAdministrator(store)
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

function openOrCreate(directory: string, options: CreateSiteOptions): Site {
  const { actor, clock } = options
  const rest = { ...(actor === undefined ? {} : { actor }), ...(clock === undefined ? {} : { clock }) }
  return Store.exists(directory) ? Site.open(directory, rest) : createSiteStore(directory, rest)
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
  if (!Store.exists(directory)) return false
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
  const userStore = subStoreOf(found)?.open()
  return userStore !== undefined && makeAdministrator(userStore) ? 'done' : 'already'
}

function chooseHostname({ hostname, adminAddress }: CreateSiteOptions): string {
  return hostname ?? adminAddress?.domain ?? 'localhost'
}

function hostnameOf(site: Site): string {
  return site.store.findFirst(SiteConfiguration)?.hostname ?? 'localhost'
}

/** Only what was said expressly can contradict what is there. */
function assertSameSite(site: Site, options: CreateSiteOptions): void {
  const url = readSetting<string | null>(site, PUBLIC_URL, null)
  const wanted = options.publicUrl === undefined ? url : parsePublicUrl(options.publicUrl)
  if (options.hostname !== undefined && options.hostname !== hostnameOf(site))
    throw differs(site, `has the host name ${hostnameOf(site)}, not ${options.hostname}`)
  if (url !== null && wanted !== url) throw differs(site, `has the public URL ${url}, not ${wanted}`)
}

function differs(site: Site, why: string): ConflictError {
  return new ConflictError(`the site ${site.directory} exists and ${why}`, {
    code: 'SITE_DIFFERS',
    hint: 'leave the option out to keep what the site has',
    details: { site: site.directory },
  })
}

function assertHostname(hostname: string | undefined): void {
  if (hostname === undefined || /^[\p{L}\p{N}]([\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u.test(hostname)) return
  throw new InvalidInputError(`${JSON.stringify(hostname)} is not a host name`, {
    code: 'INVALID_HOSTNAME',
    hint: 'write it like example.com',
    details: { hostname },
  })
}

/** Without a slash at the end, so that paths can be put behind it. */
function parsePublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.search === '' &&
    url.hash === '' &&
    url.username === ''
  )
    return url.href.replace(/\/+$/, '')
  throw new InvalidInputError(`${JSON.stringify(text)} is not a URL that people could reach a site by`, {
    code: 'INVALID_URL',
    hint: 'write it like https://example.com',
    details: { url: text },
  })
}
