import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { subStoreOf } from '../../src/accounts/account-rows.js'
import { findAccountByAddress } from '../../src/accounts/find-account.js'
import type { LoginAccount } from '../../src/accounts/login-account.js'
import { installOffering, planInstallation } from '../../src/offerings/install-offering.js'
import { InstalledOffering } from '../../src/offerings/installed-offering.js'
import { getInstalledOfferingNames, isAppStore, openAppStore } from '../../src/offerings/installed-offerings.js'
import { defineOffering } from '../../src/offerings/offering.js'
import { OfferingAlreadyInstalledError } from '../../src/offerings/offering-errors.js'
import { ISiteUrlGenerator } from '../../src/offerings/site-items/interfaces.js'
import { PublicWeb } from '../../src/offerings/site-items/public-pages.js'
import { SiteConfiguration } from '../../src/offerings/site-items/site-configuration.js'
import { scheduledTick } from '../../src/scheduling/parent-hook.js'
import { schedule } from '../../src/scheduling/scheduler.js'
import { SubSchedulerParentHook } from '../../src/scheduling/timed-event.js'
import { beginDeed, listDeeds } from '../../src/site/deeds.js'
import { createSiteStore, Site } from '../../src/site/site.js'
import { integer } from '../../src/store-engine/attributes/attributes.js'
import { Timestamp } from '../../src/store-engine/attributes/timestamp.js'
import { item } from '../../src/store-engine/items/item.js'
import { defineInterface } from '../../src/store-engine/powerups/interface.js'
import { Store } from '../../src/store-engine/store.js'
import type { SubStore } from '../../src/store-engine/sub-store.js'
import { cloneFixture } from '../support/fixtures.js'
import { addUser, openNewSite } from '../support/sites.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const ICounter = defineInterface('test.install.ICounter')

class Counter extends item({
  typeName: 'test_install_counter',
  version: 1,
  module: 'axiom.item',
  attributes: { count: integer({ default: 0 }) },
  powerupInterfaces: [ICounter],
}) {}

class Explosive extends item({
  typeName: 'test_install_explosive',
  version: 1,
  module: 'axiom.item',
  attributes: { count: integer() },
}) {
  override stored(): void {
    throw new Error('bang')
  }
}

/** Runs for the first time as soon as there is a node. */
class Waking extends item({
  typeName: 'test_install_waking',
  version: 1,
  module: 'axiom.item',
  attributes: { count: integer() },
}) {
  override installed(): void {
    schedule(this, Timestamp.fromMicroseconds(7n))
  }

  run(): null {
    return null
  }
}

const counting = defineOffering({
  name: 'counting',
  description: 'counts',
  siteRequirements: [{ face: ISiteUrlGenerator, itemClass: SiteConfiguration }],
  appPowerups: [Counter],
})

const broken = defineOffering({ name: 'broken', description: 'fails', appPowerups: [Counter, Explosive] })

describe('installing', () => {
  it('an application store may schedule: the hook comes with the rest, or not at all', async () => {
    const site = await openNewSite()
    const failing = defineOffering({ name: 'failing', description: 'fails', appPowerups: [Waking, Explosive] })
    await expect(installOffering(site, failing)).rejects.toThrow('bang')
    expect(site.store.query(SubSchedulerParentHook).count()).toBe(0)
    await installOffering(site, defineOffering({ name: 'waking', description: 'wakes', appPowerups: [Waking] }))
    const account = findAccountByAddress(site, { localpart: 'waking', domain: null }) as LoginAccount
    expect(scheduledTick(site.store, subStoreOf(account) as SubStore)?.microseconds).toBe(7n)
  })

  it('behaviour 82: creates requirements, application store, account without domain, powerups; once', async () => {
    const directory = join(temporaryDirectory(), 'bare.axiom')
    using site = createSiteStore(directory)
    const report = await installOffering(site, counting)
    expect(report).toEqual({
      offering: 'counting',
      store: 'app/counting.axiom',
      siteRequirements: ['xmantissa_web_siteconfiguration'],
      appPowerups: ['test_install_counter'],
    })
    expect(site.store.powerupsFor(ISiteUrlGenerator)).toHaveLength(1)
    const account = findAccountByAddress(site, { localpart: 'counting', domain: null })
    expect(account?.passwordHash).toBeNull()
    const appStore = openAppStore(site, 'counting')
    expect(account && subStoreOf(account)?.open()).toBe(appStore)
    expect(appStore.powerupsFor(ICounter)).toHaveLength(1)
    expect(site.store.findUnique(PublicWeb).prefixURL).toBe('counting')
    await expect(installOffering(site, counting)).rejects.toThrow(OfferingAlreadyInstalledError)
    expect(site.store.query(InstalledOffering).count()).toBe(1)
  })

  it('finds a requirement that is satisfied and adds nothing', async () => {
    const site = await openNewSite()
    expect(planInstallation(site, counting).siteRequirements).toEqual([])
    await installOffering(site, counting)
    expect(site.store.query(SiteConfiguration).count()).toBe(1)
  })

  it('behaviour 83: lists the names of what is installed', async () => {
    const site = await openNewSite()
    await installOffering(site, counting)
    expect(getInstalledOfferingNames(site.store)).toEqual(['mantissa-base', 'counting'])
  })

  it('behaviour 83: lists what the original installed', () => {
    using site = Site.open(cloneFixture('divmod-site.axiom'), { readonly: true })
    expect(getInstalledOfferingNames(site.store)).toEqual(['mantissa-base', 'mantissa', 'People', 'mantissa-amp'])
  })

  it('behaviour 84: an application store is recognised, stores of users and sites are not', async () => {
    const site = await openNewSite()
    const user = subStoreOf(addUser(site, 'alice@example.com'))?.open() as Store
    expect(isAppStore(openAppStore(site, 'mantissa-base'))).toBe(true)
    expect(isAppStore(user)).toBe(false)
    expect(isAppStore(site.store)).toBe(false)
  })

  it('works on a site of the original', async () => {
    using site = Site.open(cloneFixture('divmod-site.axiom'))
    await installOffering(site, counting)
    expect(getInstalledOfferingNames(site.store)).toHaveLength(5)
  })
})

describe('failing', () => {
  it('leaves nothing when a powerup cannot be created', async () => {
    const site = await openNewSite()
    const before = readdirSync(join(site.directory, 'files/app'))
    const objects = site.store.sql.get('SELECT count(*) AS n FROM axiom_objects')
    await expect(installOffering(site, broken)).rejects.toThrow('bang')
    expect(getInstalledOfferingNames(site.store)).toEqual(['mantissa-base'])
    expect(readdirSync(join(site.directory, 'files/app'))).toEqual(before)
    expect(site.store.sql.get('SELECT count(*) AS n FROM axiom_objects')).toEqual(objects)
    expect(listDeeds(site)).toEqual([])
  })

  it('refuses a name that an account without domain has', async () => {
    const site = await openNewSite()
    await expect(installOffering(site, defineOffering({ ...counting, name: 'MANTISSA-BASE' }))).rejects.toThrow(
      OfferingAlreadyInstalledError,
    )
  })

  it('takes away the application store of an installation that died, when the site is opened next', async () => {
    const site = await openNewSite()
    const orphan = join(site.directory, 'files/app/counting.axiom')
    beginDeed(site, 'offering-install', { offering: 'counting', storepath: 'app/counting.axiom' })
    Store.create(orphan).close()
    site.close()
    using again = Site.open(site.directory)
    expect(existsSync(orphan)).toBe(false)
    expect(listDeeds(again)).toEqual([])
    await installOffering(again, counting)
    expect(existsSync(orphan)).toBe(true)
  })

  it('steps aside for a directory that it does not know', async () => {
    const site = await openNewSite()
    mkdirSync(join(site.directory, 'files/app/counting.axiom'))
    expect((await installOffering(site, counting)).store).toBe('app/counting~2.axiom')
    expect(openAppStore(site, 'counting').powerupsFor(ICounter)).toHaveLength(1)
  })
})
