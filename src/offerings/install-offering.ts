/**
 * Installing an offering: rows in the site store, and a new application store.
 *
 * Everything that is written in the site is one transaction, and the application store is complete before it commits.
 * What can be left behind by a crash is therefore one thing only: the directory of an application store that the site
 * does not know. The deed recorded beforehand names it, and recovery takes it away. So afterwards either all is
 * there, or nothing is.
 *
 * The order of the rows is the original's: requirements, then the application's SubStore, account and login method,
 * then `PublicWeb`, the powerups of the application store, and `InstalledOffering`.
 */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AccountRecord } from '../accounts/account-record.js'
import { fillUserStore, insertAccountRows } from '../accounts/account-rows.js'
import { assertNamesFree } from '../accounts/address-free.js'
import { installLoginSystem } from '../accounts/login-system.js'
import { giveToOwnerOf, makeDirectory } from '../base/atomic-file.js'
import { newUlid } from '../base/ids.js'
import { beginDeed, type Deed, finishDeed, registerDeedRecovery } from '../site/deeds.js'
import { appStoreSegments, assertPlace, directoryOf, type StoreSegments, storePathOf } from '../site/layout.js'
import type { Site } from '../site/site.js'
import { removeTombstone } from '../site/tombstones.js'
import { installOn } from '../store-engine/powerups/dependency.js'
import { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import { InstalledOffering } from './installed-offering.js'
import { findInstalledOffering } from './installed-offerings.js'
import type { Offering, SiteFacts } from './offering.js'
import { OfferingAlreadyInstalledError } from './offering-errors.js'
import { assertRequiredInstalled } from './required-offerings.js'
import { PublicWeb } from './site-items/public-pages.js'
import { missingRequirements, prepareSiteOnce, provideRequirements } from './site-requirements.js'

const INSTALL = 'offering-install'

/** What is or would be installed; requirements and powerups by their typeName. */
export interface OfferingInstallation {
  readonly offering: string
  /** Path of the application store below the site's `files/`. */
  readonly store: string
  readonly siteRequirements: readonly string[]
  readonly appPowerups: readonly string[]
}

export interface InstallationOptions extends SiteFacts {
  /** The offering may be installed anew though its application store has moved to another site. */
  readonly reuseName?: boolean
}

/**
 * What {@link installOffering} would do now.
 * @throws OfferingAlreadyInstalledError, AddressTakenError when an account without domain has the name,
 *   AddressMovedError where its application store has moved to another site, OfferingRequiresError.
 */
export function planInstallation(
  site: Site,
  offering: Offering,
  { reuseName = false }: InstallationOptions = {},
): OfferingInstallation {
  assertInstallable(site, offering.name, reuseName)
  assertRequiredInstalled(site, offering.name)
  return {
    offering: offering.name,
    store: storePathOf(freeSegments(site, offering.name)),
    siteRequirements: missingRequirements(site.store, offering).map(each => each.itemClass.itemType.typeName),
    appPowerups: offering.appPowerups.map(each => each.itemType.typeName),
  }
}

/**
 * Installs an offering on a site. It is all there afterwards, or, on any failure, nothing of it.
 * @throws OfferingAlreadyInstalledError, AddressTakenError, AddressMovedError, OfferingRequiresError
 */
export async function installOffering(
  site: Site,
  offering: Offering,
  { reuseName = false, ...facts }: InstallationOptions = {},
): Promise<OfferingInstallation> {
  const plan = planInstallation(site, offering, { reuseName })
  const writeSite = await prepareSiteOnce(site, offering, facts)
  const segments = freeSegments(site, offering.name)
  const deed = beginDeed(site, INSTALL, { offering: offering.name, storepath: storePathOf(segments) })
  try {
    site.store.transact(() => {
      assertInstallable(site, offering.name, reuseName)
      removeTombstone(site, { localpart: offering.name, domain: null })
      writeRows(site, offering, segments)
      writeSite(site.store)
      finishDeed(site, deed)
    })
  } catch (error) {
    undoInstallation(site, deed)
    throw error
  }
  return { ...plan, store: storePathOf(segments) }
}

function assertInstallable(site: Site, name: string, reuseNames: boolean): void {
  if (findInstalledOffering(site.store, name) !== undefined) throw new OfferingAlreadyInstalledError(name)
  assertNamesFree(site, accountOf(name).methods, { reuseNames })
}

/** Nobody logs in as an offering: no password, no domain. */
function accountOf(name: string): AccountRecord {
  const method = { localpart: name, domain: null, protocol: 'email', internal: true, verified: true }
  return { passwordHash: null, disabled: false, methods: [method] }
}

function writeRows(site: Site, offering: Offering, segments: StoreSegments): void {
  provideRequirements(site.store, offering)
  installLoginSystem(site.store)
  const application = createAppStore(site.store, offering, segments)
  site.store.create(PublicWeb, { application, prefixURL: offering.name })
  installAppPowerups(application, offering)
  site.store.create(InstalledOffering, { application, offeringName: offering.name })
}

/** An empty store in its place, and what the site holds for it. */
function createAppStore(siteStore: Store, offering: Offering, segments: StoreSegments): SubStore {
  const directory = directoryOf(siteStore, segments)
  assertPlace(siteStore, directory)
  makeDirectory(dirname(directory))
  giveToOwnerOf(siteStore.filesDirectory ?? directory, dirname(directory))
  const stagingDirectory = siteStore.temporaryDirectory
  Store.create(directory, stagingDirectory === null ? {} : { stagingDirectory }).close()
  const account = insertAccountRows(siteStore, accountOf(offering.name), segments)
  return account.avatars as SubStore
}

/** The store is closed again: were the site's transaction rolled back, its directory would be taken away. */
function installAppPowerups(application: SubStore, offering: Offering): void {
  using appStore = application.open()
  appStore.transact(() => {
    fillUserStore(appStore, accountOf(offering.name))
    for (const itemClass of offering.appPowerups) installOn(appStore.create(itemClass, {}), appStore)
  })
}

/** The name is a courtesy: a directory that something else has left behind is neither used nor touched. */
function freeSegments(site: Site, name: string): StoreSegments {
  for (let copy = 1; ; copy += 1) {
    const segments = appStoreSegments(name, copy)
    if (!existsSync(directoryOf(site.store, segments))) return segments
  }
}

/** Takes the directory away unless the site knows it; under the site's lock, so that nobody is just filling it. */
function undoInstallation(site: Site, deed: Deed): void {
  site.store.transact(() => {
    const segments = String(deed.detail['storepath']).split('/')
    const directory = directoryOf(site.store, segments)
    if (!isRecorded(site.store, directory) && existsSync(directory)) discard(site.store, directory)
    finishDeed(site, deed)
  })
}

function isRecorded(siteStore: Store, directory: string): boolean {
  return siteStore.findFirst(SubStore, SubStore.storepath.equals(directory)) !== undefined
}

/** A rename first: a directory that is half removed is never seen in its place. */
function discard(siteStore: Store, directory: string): void {
  const doomed = join(siteStore.temporaryDirectory ?? dirname(directory), `discarded-${newUlid()}`)
  renameSync(directory, doomed)
  rmSync(doomed, { recursive: true, force: true })
}

registerDeedRecovery(INSTALL, undoInstallation)
