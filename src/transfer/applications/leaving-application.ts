/**
 * What it means for a site that the application store of an offering leaves: told beforehand, since none of it can be
 * seen from the account that moves.
 */

import { subStoreOf } from '../../accounts/account-rows.js'
import type { LoginAccount } from '../../accounts/login-account.js'
import { type ApplicationRecord, frontPagesOf } from '../../offerings/application-record.js'
import { listDeclaredOfferings } from '../../offerings/declarations.js'
import { countEndowed } from '../../offerings/endowments.js'
import type { Site } from '../../site/site.js'
import type { UserStoreFacts } from '../copying/describe-store.js'

export interface LeavingApplication {
  readonly offering: string
  /** Of its code as the site declares it; null where it declares none. */
  readonly version: string | null
  /** Where people find it: `/notes/`. */
  readonly urls: readonly string[]
  /** Accounts here that have something of it, as far as the site has noted it. */
  readonly users: number
  /** What its store shows to others. */
  readonly shares: number
  readonly isFrontPage: boolean
  /** Types of other items of the site that refer to its store; of offerings whose code is not here, above all. */
  readonly referrers: readonly string[]
}

/** The version of an offering's code at a site; null where nothing declares it. Runs none of it. */
export function declaredVersion(site: Site, offering: string): string | null {
  return listDeclaredOfferings(site).find(({ name }) => name === offering)?.version ?? null
}

export function describeLeaving(
  site: Site,
  { account, itemTypes }: Pick<UserStoreFacts, 'account' | 'itemTypes'>,
  { offering, pages }: ApplicationRecord,
): LeavingApplication {
  const shares = itemTypes.filter(({ typeName }) => typeName === 'sharing_share')
  return {
    offering,
    version: declaredVersion(site, offering),
    urls: pages.map(({ prefixURL }) => `/${prefixURL}/`),
    users: countEndowed(site, offering),
    shares: shares.reduce((sum, { items }) => sum + items, 0),
    isFrontPage: frontPagesOf(site.store, account).length > 0,
    referrers: referrersOf(site, account),
  }
}

/** Items that go with the store, or are put right when it goes. */
const TAKEN_CARE_OF = new Set([
  ...['login', 'mantissa_installed_offering', 'mantissa_public_web', 'mantissa_front_page'],
  ...['axiom_subscheduler_parent_hook', 'axiom_powerup_connector', 'axiom_dependency__dependencyconnector'],
])

function referrersOf(site: Site, account: LoginAccount): readonly string[] {
  const application = subStoreOf(account)
  if (application === undefined) return []
  const types = [...site.store.referrersOf(application.storeID)].map(({ type }) => type.typeName)
  return [...new Set(types)].filter(typeName => !TAKEN_CARE_OF.has(typeName))
}

const STAYS = 'they and their items stay, and can be given no more of it, nor be deprived of it, while it is away'
const UNKNOWN = 'who has something of it here is known to its code alone, which is not at hand'

/** What an administrator of the site that it leaves should know. */
export function warningsOfLeaving(leaving: LeavingApplication): readonly string[] {
  const { offering, version, urls, users, shares, isFrontPage, referrers } = leaving
  const warnings = [`the offering ${offering} leaves this site: ${nowhere(urls)} until it is installed here again`]
  if (shares > 0) warnings.push(`shared items in it that people no longer find here: ${shares}`)
  if (users > 0) warnings.push(`people who have something of it here: ${users}; ${STAYS}`)
  else if (version === null) warnings.push(UNKNOWN)
  if (isFrontPage) warnings.push('it is the front page here: visitors see the list of offerings instead')
  if (referrers.length > 0)
    warnings.push(`items of this site that refer to it and will lead nowhere: ${referrers.join(', ')}`)
  return warnings
}

function nowhere(urls: readonly string[]): string {
  if (urls.length === 0) return 'it has no pages here'
  return `${urls.join(', ')} ${urls.length === 1 ? 'leads' : 'lead'} nowhere`
}
