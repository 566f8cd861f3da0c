import { existsSync } from 'node:fs'
import type { Address } from '../base/address.js'
import { ConflictError, InvalidInputError } from '../base/errors.js'
import { PUBLIC_URL, readSetting } from '../site/settings.js'
import type { Site, SiteOptions } from '../site/site.js'
import { Store } from '../store-engine/store.js'
import { SiteConfiguration } from './site-items/site-configuration.js'

/** The offering that makes a store a site. */
export const BASE_OFFERING = 'mantissa-base'

export interface CreateSiteOptions extends Pick<SiteOptions, 'actor' | 'clock' | 'journalMode'> {
  /** Default: the domain of the administrator's address, else `localhost`. */
  readonly hostname?: string
  /** Base URL under which people reach the site; `http` or `https`. */
  readonly publicUrl?: string
  readonly adminAddress?: Address
  /** Called first of all, and only when the account has to be made; when it throws, nothing was done. */
  readonly adminPasswordHash?: () => Promise<string | null>
}

export function chooseHostname({ hostname, adminAddress }: CreateSiteOptions): string {
  return hostname ?? adminAddress?.domain ?? 'localhost'
}

export function hostnameOf(site: Site): string {
  return site.store.findFirst(SiteConfiguration)?.hostname ?? 'localhost'
}

/** Whether there is a store to complete; false where one can be made. @throws ConflictError for anything else. */
export function hasStoreAt(directory: string): boolean {
  if (Store.exists(directory)) return true
  if (!existsSync(directory)) return false
  throw new ConflictError(`${directory} exists and is not a site`, {
    code: 'SITE_PLACE_TAKEN',
    hint: 'name a directory that does not exist yet',
    details: { site: directory },
  })
}

/** Only what was said expressly can contradict what is there. */
export function assertSameSite(site: Site, options: CreateSiteOptions): void {
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

export function assertHostname(hostname: string | undefined): void {
  if (hostname === undefined || /^[\p{L}\p{N}]([\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u.test(hostname)) return
  throw new InvalidInputError(`${JSON.stringify(hostname)} is not a host name`, {
    code: 'INVALID_HOSTNAME',
    hint: 'write it like example.com',
    details: { hostname },
  })
}

/** Without a slash at the end, so that paths can be put behind it. */
export function parsePublicUrl(text: string): string {
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
