/**
 * What a site holds for the application store of an offering besides its account: the record that the offering is
 * installed, its URL prefix, and what the store answers for on the site. As plain data they travel with the store, for
 * without them nobody would find it.
 *
 * What the offering required of the site is not among them. It stays, since other offerings may need it too, and is made
 * anew where the store arrives (see `site-requirements`).
 */
import { subStoreOf } from '../accounts/account-rows.js'
import type { LoginAccount } from '../accounts/login-account.js'
import { interfaceNamed } from '../store-engine/powerups/interface.js'
import { PowerupConnector } from '../store-engine/powerups/powerup.js'
import { and } from '../store-engine/queries/comparison.js'
import { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'
import { InstalledOffering } from './installed-offering.js'
import { ISiteRootPlugin, prefixPriority } from './site-items/interfaces.js'
import { FrontPage, PublicWeb } from './site-items/public-pages.js'

/** A `PublicWeb` item. */
export interface ApplicationPage {
  readonly prefixURL: string
  readonly sessioned: boolean
  readonly sessionless: boolean
  /** Whether it is installed on the site, as a plugin of its root; those of today are found by their prefix alone. */
  readonly installed: boolean
}

/** That the application store answers for an interface on the site. */
export interface SitePowerup {
  readonly interface: string
  readonly priority: number
}

export interface ApplicationRecord {
  /** As its `InstalledOffering` spells it. */
  readonly offering: string
  readonly pages: readonly ApplicationPage[]
  readonly powerups: readonly SitePowerup[]
}

/** What installing an offering writes. */
export function newApplicationRecord(offering: string): ApplicationRecord {
  const page = { prefixURL: offering, sessioned: false, sessionless: false, installed: false }
  return { offering, pages: [page], powerups: [] }
}

/** The offerings whose application store an account stands for: none for a person, one for an application. */
export function installedOfferingsOf(siteStore: Store, account: LoginAccount): readonly InstalledOffering[] {
  const application = subStoreOf(account)
  if (application === undefined) return []
  return siteStore.query(InstalledOffering, { where: InstalledOffering.application.equals(application) }).toArray()
}

/** What the site holds for an account that is an application store; null for a person's. */
export function readApplicationRecord(siteStore: Store, account: LoginAccount): ApplicationRecord | null {
  const application = subStoreOf(account)
  const [installed] = installedOfferingsOf(siteStore, account)
  if (application === undefined || installed === undefined) return null
  return {
    offering: installed.offeringName,
    pages: pagesOf(siteStore, application).map(asRecord),
    powerups: powerupsOf(siteStore, application),
  }
}

/** Writes it for a store that has arrived; part of the transaction that writes the account's rows. */
export function insertApplicationRows(siteStore: Store, application: SubStore, record: ApplicationRecord): void {
  for (const { installed, ...page } of record.pages) {
    const created = siteStore.create(PublicWeb, { application, ...page })
    if (!installed) continue
    created.installedOn = siteStore
    siteStore.powerUp(created, ISiteRootPlugin, prefixPriority(page.prefixURL))
  }
  for (const { interface: name, priority } of record.powerups)
    siteStore.powerUp(application, interfaceNamed(name), priority)
  siteStore.create(InstalledOffering, { application, offeringName: record.offering })
}

/**
 * Takes it out of a site, and the application off its front page; part of the transaction that removes the account's
 * rows, ahead of that, since they hold the SubStore by which these are found. Nothing for a person's.
 */
export function removeApplicationRows(siteStore: Store, account: LoginAccount): void {
  const application = subStoreOf(account)
  const installed = installedOfferingsOf(siteStore, account)
  if (application === undefined || installed.length === 0) return
  for (const page of pagesOf(siteStore, application)) {
    siteStore.powerups.forget(page.storeID)
    page.deleteFromStore()
  }
  for (const frontPage of frontPagesOf(siteStore, account)) frontPage.defaultApplication = null
  for (const each of installed) each.deleteFromStore()
  siteStore.powerups.forget(application.storeID)
}

/** The front pages that show the application. */
export function frontPagesOf(siteStore: Store, account: LoginAccount): readonly FrontPage[] {
  const application = subStoreOf(account)
  if (application === undefined) return []
  return siteStore.query(FrontPage, { where: FrontPage.defaultApplication.equals(application) }).toArray()
}

function pagesOf(siteStore: Store, application: SubStore): readonly PublicWeb[] {
  const where = PublicWeb.application.equals(application)
  return siteStore.query(PublicWeb, { where, sort: PublicWeb.storeID.ascending }).toArray()
}

function asRecord({ prefixURL, sessioned, sessionless, installedOn }: PublicWeb): ApplicationPage {
  return {
    prefixURL,
    sessioned: sessioned === true,
    sessionless: sessionless === true,
    installed: installedOn instanceof Store,
  }
}

function powerupsOf(siteStore: Store, application: SubStore): readonly SitePowerup[] {
  const where = and(PowerupConnector.item.equals(siteStore), PowerupConnector.powerup.equals(application))
  return siteStore
    .query(PowerupConnector, { where, sort: PowerupConnector.storeID.ascending })
    .toArray()
    .map(connector => ({ interface: connector.interface ?? '', priority: connector.priority ?? 0 }))
}
