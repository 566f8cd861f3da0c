import { readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { authenticate } from '../../src/accounts/authenticate.js'
import { LoginAccount } from '../../src/accounts/login-account.js'
import { LoginMethod } from '../../src/accounts/login-method.js'
import { MessageQueue } from '../../src/messaging/message-items.js'
import { LocalUserBrowser } from '../../src/offerings/site-items/administration.js'
import {
  ICustomizablePublicPage,
  IService,
  ISessionlessSiteRootPlugin,
  ISiteRootPlugin,
  IWebViewer,
} from '../../src/offerings/site-items/interfaces.js'
import { SslPort, TcpPort } from '../../src/offerings/site-items/ports.js'
import { PrivateApplication } from '../../src/offerings/site-items/private-application.js'
import { CustomizedPublicPage, DefaultPreferenceCollection } from '../../src/offerings/site-items/private-pages.js'
import { AnonymousSite, FrontPage, PublicWeb } from '../../src/offerings/site-items/public-pages.js'
import { SiteConfiguration } from '../../src/offerings/site-items/site-configuration.js'
import { StaticRedirect, StaticSite } from '../../src/offerings/site-items/static-content.js'
import { WebSite } from '../../src/offerings/site-items/web-site.js'
import { SchedulerShell } from '../../src/scheduling/scheduler-shells.js'
import { SubSchedulerParentHook, TimedEvent } from '../../src/scheduling/timed-event.js'
import { Share } from '../../src/sharing/share-items.js'
import { Site } from '../../src/site/site.js'
import { Store } from '../../src/store-engine/store.js'
import { SubStore } from '../../src/store-engine/sub-store.js'
import '../../src/upkeep/own-item-types.js'
import { countStores, type UpgradedStore, upgradeSite } from '../../src/upkeep/upgrade-site.js'
import { makeFirstSite, makeOldPages, makeOldPeople, makeOldSite } from '../support/old-stores.js'
import { differences, rawRowsBelow } from '../support/raw-rows.js'
import { findingsIn } from './check/small-site.js'
import { OLD_PAGES_CHANGES, OLD_SITE_CHANGES } from './old-store-changes.js'

function open(directory: string): Site {
  const site = Site.open(directory)
  onTestFinished(() => site.close())
  return site
}

async function upgrade(site: Site, plan = false): Promise<UpgradedStore[]> {
  const stores: UpgradedStore[] = []
  for await (const store of upgradeSite(site, { plan, itemsPerTransaction: 3 })) stores.push(store)
  return stores
}

function storeOf(site: Site, name: string): Store {
  const subStores = [...site.store.query(SubStore)]
  return subStores.find(each => each.storepath?.endsWith(`${name}.axiom`))?.open() as Store
}

const ALICE = 'account/example.com/alice.axiom'
const BOB = 'account/example.com/bob.axiom'

describe('an old site', () => {
  it('behaviour 71: is upgraded with all stores below it, row by row as listed, and a second time there is nothing to do', async () => {
    const directory = makeOldSite()
    const before = rawRowsBelow(directory)
    const site = open(directory)
    expect(countStores(site)).toBe(4)
    const told = await upgrade(site)
    expect(told.map(({ store, address, status, error }) => [store, address, status, error])).toEqual([
      [null, null, 'done', null],
      [ALICE, 'alice@example.com', 'done', null],
      [BOB, 'bob@example.com', 'done', null],
    ])
    expect(told[1]?.items).toMatchObject({ login: 1, private_web_application: 1, sharing_share: 2 })
    expect(told[2]).toMatchObject({ items: {}, tables: 6 })
    const after = rawRowsBelow(directory)
    expect(differences(before, after)).toEqual(OLD_SITE_CHANGES)
    expect((await upgrade(site)).map(({ status }) => status)).toEqual(['already', 'already', 'already'])
    expect(differences(after, rawRowsBelow(directory))).toEqual([])
  })

  it('is told what it needs without a change, and needs exactly that', async () => {
    const directory = makeOldSite()
    const before = rawRowsBelow(directory)
    const readonly = Site.open(directory, { readonly: true })
    const planned = await upgrade(readonly, true)
    readonly.close()
    expect(differences(before, rawRowsBelow(directory))).toEqual([])
    const done = await upgrade(open(directory))
    expect(planned.map(({ status }) => status)).toEqual(['planned', 'planned', 'planned'])
    expect(planned).toEqual(done.map(store => ({ ...store, status: 'planned' })))
  })

  it('behaviours 30 and 31: lets people in with the passwords that they had, and keeps none in plain text', async () => {
    const site = open(makeOldSite())
    await upgrade(site)
    expect((await authenticate(site, 'alice@example.com', 'alice-pw')).password).toBeNull()
    expect(readFileSync(join(site.directory, 'db.sqlite')).includes('$argon2id$')).toBe(true)
    expect(site.store.sql.all('SELECT * FROM item_login_v2')).toEqual([])
    expect(storeOf(site, 'alice').sql.all('SELECT * FROM item_login_v2')).toEqual([])
  })

  it('has its server divided: configuration, visitors, ports with the certificate', async () => {
    const site = open(makeOldSite())
    await upgrade(site)
    const { store } = site
    const configuration = store.findUnique(SiteConfiguration)
    expect(configuration).toMatchObject({ hostname: 'old.example.com', httpLog: store.filePath('httpd.log') })
    expect(configuration.loginSystem).toBe(store.findUnique(AnonymousSite).loginSystem)
    expect(store.findUnique(TcpPort)).toMatchObject({ portNumber: 8088, interface: '' })
    expect(store.findUnique(TcpPort).factory).toBe(configuration)
    const secure = store.findUnique(SslPort)
    expect([secure.portNumber, secure.factory]).toEqual([6443, configuration])
    expect(readFileSync(secure.certificatePath ?? '', 'utf8')).toBe('key and certificate\n')
    expect(statSync(secure.certificatePath ?? '').mode & 0o777).toBe(0o600)
    expect(store.powerupsFor(IService)).toEqual([store.findUnique(TcpPort), secure])
    expect(store.query(WebSite).count()).toBe(0)
  })

  it('has its pages where they were', async () => {
    const { store } = open(makeOldSite())
    const [photos, root] = [store.findUnique(StaticSite), store.findFirst(StaticRedirect) as StaticRedirect]
    expect(photos).toMatchObject({ prefixURL: 'photos', sessioned: false, sessionless: true })
    expect(root).toMatchObject({ prefixURL: '', sessioned: true, sessionless: false })
    expect(store.powerups.interfacesOf(store, photos)).toEqual([ISessionlessSiteRootPlugin.name])
    expect(store.powerups.interfacesOf(store, root)).toEqual([ISiteRootPlugin.name])
    const polls = store.findUnique(PublicWeb)
    expect(polls).toMatchObject({ prefixURL: 'polls', sessioned: true, sessionless: false })
    expect(store.powerups.interfacesOf(store, polls)).toEqual([ISiteRootPlugin.name])
    expect(store.powerupsFor(ICustomizablePublicPage)).toEqual([])
    expect(store.findUnique(FrontPage)).toMatchObject({ privateViews: 3, publicViews: 4, defaultApplication: null })
  })

  it("has its hook set to the user's earliest event, whatever the site thought", async () => {
    const { store } = open(makeOldSite())
    const hook = store.findUnique(SubSchedulerParentHook)
    expect(hook.subStore?.storepath).toBe(store.filePath('account', 'example.com', 'alice.axiom'))
    expect(store.findUnique(TimedEvent, TimedEvent.runnable.equals(hook)).time?.microseconds).toBe(1700000000000000n)
    const [scheduler] = store.query(SchedulerShell)
    expect(store.powerups.interfacesOf(store, scheduler as SchedulerShell)).toEqual([])
  })

  it('has a user store whose pages, queue and shares work on', async () => {
    const site = open(makeOldSite())
    await upgrade(site)
    const store = storeOf(site, 'alice')
    const application = store.findUnique(PrivateApplication)
    expect(application).toMatchObject({ preferredTheme: 'plain', privateKey: 123456789012345n })
    expect(application.website).toBe(store.findUnique(WebSite))
    expect(application.website?.hitCount).toBe(321)
    expect(store.findUnique(LocalUserBrowser).privateApplication).toBe(application)
    expect(store.powerupsFor(IWebViewer)).toEqual([application])
    expect(application.defaultPreferenceCollection).toMatchObject({ itemsPerPage: 20, timezone: 'Europe/Paris' })
    expect(store.findUnique(DefaultPreferenceCollection).installedOn).toBe(store)
    const priorities = 'SELECT priority FROM item_axiom_powerup_connector_v1 WHERE powerup = ?'
    expect(store.sql.value(priorities, store.findUnique(CustomizedPublicPage).storeID)).toBe(-257)
    expect(store.findUnique(MessageQueue).messageCounter).toBe(17)
    const shares = [...store.query(Share)].map(({ shareID, sharedItem, sharedInterfaceNames }) => [
      shareID,
      sharedItem === store.findUnique(MessageQueue),
      sharedInterfaceNames,
    ])
    expect(shares).toEqual([
      ['queue', true, '*'],
      ['part', true, ''],
    ])
  })
})

describe('a site of the first version of accounts', () => {
  it('behaviour 32: gains login methods in both stores, and nobody is kept out or let in', async () => {
    const site = open(makeFirstSite())
    const told = await upgrade(site)
    expect(told.map(({ address, status }) => [address, status])).toEqual([
      [null, 'done'],
      ['carol@example.net', 'done'],
    ])
    const methods = [...site.store.query(LoginMethod)].map(({ address, protocol, internal }) => [
      address,
      protocol,
      internal,
    ])
    expect(methods).toEqual([
      ['carol@example.net', 'email', false],
      ['nobody@example.net', 'email', false],
    ])
    const own = storeOf(site, 'carol')
    expect(own.findUnique(LoginMethod)).toMatchObject({ address: 'carol@example.net', verified: true })
    expect(own.findUnique(LoginAccount).avatars).toBe(own)
    await authenticate(site, 'carol@example.net', 'carol-pw')
    await expect(authenticate(site, 'nobody@example.net', '')).rejects.toThrow('wrong address or password')
  })

  it('behaviour 49: text lists of before the guard still load, as those with it do', async () => {
    const [carol, bob] = [storeOf(open(makeFirstSite()), 'carol'), storeOf(open(makeOldSite()), 'bob')]
    const namesIn = (store: Store) =>
      store
        .typesOnDisk()
        .filter(({ typeName }) => typeName === 'garden_plant')
        .flatMap(type => [...store.rowsOf(type)].map(({ values }) => values['names']))
    expect([namesIn(carol), namesIn(bob), namesIn(bob.parent as Store)]).toEqual([
      [['']],
      [[]],
      [['rose', 'Rosa'], ['']],
    ])
  })
})

describe('an old site with pages of its own', () => {
  it('is upgraded as listed, and a lost user store is told of and made by nobody', async () => {
    const directory = makeOldPages()
    const before = rawRowsBelow(directory)
    const site = open(directory)
    const [own, lost] = await upgrade(site)
    expect(own).toMatchObject({ store: null, status: 'done' })
    expect(lost).toMatchObject({ store: 'account/example.org/gone.axiom', status: 'failed', items: {} })
    expect(lost?.error?.code).toBe('NOT_A_STORE')
    expect(differences(before, rawRowsBelow(directory))).toEqual(OLD_PAGES_CHANGES)
  })

  it('keeps its ports, now of the configuration, and what its hooks knew of a store that is lost', async () => {
    const { store } = open(makeOldPages())
    const configuration = store.query(WebSite).count() === 0 ? store.findUnique(SiteConfiguration) : null
    expect(configuration?.hostname).toBe('pages.example.org')
    expect(store.findUnique(TcpPort)).toMatchObject({ storeID: 2, portNumber: 8080, factory: configuration })
    expect(store.findUnique(SslPort)).toMatchObject({ storeID: 3, certificatePath: store.filePath('server.pem') })
    const [first] = store.query(SubSchedulerParentHook, { sort: SubSchedulerParentHook.storeID.ascending })
    const events = [...store.query(TimedEvent)].map(({ runnable, time }) => [runnable, time?.microseconds])
    expect(events).toEqual([[first, 1800000000000000n]])
  })

  it('gives the oldest applications the items that they came with', async () => {
    const { store } = open(makeOldPages())
    const [one, two] = store.query(PrivateApplication, { sort: PrivateApplication.storeID.ascending })
    expect([one?.privateKey, two?.privateKey, two?.preferredTheme]).toEqual([42n, 43n, 'bright'])
    expect(one?.customizedPublicPage).toBe(store.findUnique(CustomizedPublicPage))
    expect(two?.customizedPublicPage).toBe(one?.customizedPublicPage)
    expect(two?.website).toBe(store.findUnique(WebSite))
  })
})

describe('stores that cannot be upgraded', () => {
  const CODES = ({ store, error }: UpgradedStore) => [store, error?.code]

  it('are told of with their codes, and hinder no other: sealed, of a newer version, lost', async () => {
    const directory = makeOldSite()
    const alice = join(directory, 'files', ALICE)
    {
      using store = Store.open(alice)
      store.transact(() => {
        store.sql.exec('CREATE TABLE mantissa_fence (only INTEGER, store_id, epoch, owner, state, transfer_id)')
        store.sql.run("INSERT INTO mantissa_fence VALUES (1, 'x', 2, 'y', 'sealed', NULL)")
      })
      using other = Store.open(join(directory, 'files', BOB))
      other.transact(() => other.sql.run("UPDATE axiom_types SET version = 9 WHERE typename = 'login_method'"))
    }
    const before = rawRowsBelow(directory)
    const site = open(directory)
    expect((await upgrade(site)).map(CODES)).toEqual([
      [null, undefined],
      [ALICE, 'STORE_SEALED'],
      [BOB, 'STORE_TOO_NEW'],
    ])
    const changes = differences(before, rawRowsBelow(directory))
    expect(changes.filter(line => line.includes('files/'))).toEqual([])
    renameSync(alice, `${alice}.away`)
    expect((await upgrade(site)).map(CODES)[1]).toEqual([ALICE, 'NOT_A_STORE'])
  })

  it('busy ones too', async () => {
    const directory = makeOldSite()
    const site = Site.open(directory)
    onTestFinished(() => site.close())
    using busy = Store.open(join(directory, 'files', ALICE))
    const subStore = [...site.store.query(SubStore)].find(each => each.storepath?.endsWith('alice.axiom')) as SubStore
    subStore.open({ busyTimeout: 10 })
    const release = holdWriteLock(busy)
    const told = await upgrade(site)
    release()
    expect(told.map(CODES)).toEqual([
      [null, undefined],
      [ALICE, 'STORE_BUSY'],
      [BOB, undefined],
    ])
  })
})

/** Takes the lock as another process would, for as long as the test says. */
function holdWriteLock(store: Store): () => void {
  const { database } = store.engine.connection
  database.exec('BEGIN IMMEDIATE')
  return () => database.exec('ROLLBACK')
}

describe('an old store of types without code here', () => {
  it('gets explicit oids in its tables, and keeps every row and every version of a type', async () => {
    const directory = makeOldPeople()
    const before = rawRowsBelow(directory)
    const [told] = await upgrade(open(directory))
    expect(told).toMatchObject({ status: 'done', items: {}, tables: 17, error: null })
    expect(differences(before, rawRowsBelow(directory))).toEqual([])
  })

  it('has no error, before and afterwards', async () => {
    const directory = makeOldPeople()
    const errors = async () => (await findingsIn(directory)).filter(({ severity }) => severity === 'error')
    expect(await errors()).toEqual([])
    await upgrade(open(directory))
    expect(await errors()).toEqual([])
  })
})
