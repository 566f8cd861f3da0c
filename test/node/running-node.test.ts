import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { subStoreOf } from '../../src/accounts/account-rows.js'
import type { LoginAccount } from '../../src/accounts/login-account.js'
import { RunningNode } from '../../src/node/running-node.js'
import { ServiceTree } from '../../src/node/service-tree.js'
import { SiteWatch } from '../../src/node/site-watch.js'
import { IService } from '../../src/offerings/site-items/interfaces.js'
import { TcpPort } from '../../src/offerings/site-items/ports.js'
import { schedule } from '../../src/scheduling/scheduler.js'
import { Site } from '../../src/site/site.js'
import { integer } from '../../src/store-engine/attributes/attributes.js'
import { Timestamp } from '../../src/store-engine/attributes/timestamp.js'
import { item } from '../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../src/store-engine/items/registry.js'
import { adapt } from '../../src/store-engine/powerups/adapt.js'
import { listVersionHistory } from '../../src/store-engine/versions/version-history.js'
import { newSite } from '../accounts/new-site.js'
import { bareSite } from '../site/bare-site.js'
import { addUser } from '../support/sites.js'
import { KeptLog, startSite } from '../support/started-site.js'
import { Diary, told } from './diary.js'

class Chime extends item({
  typeName: 'test_chime',
  version: 1,
  module: 'axiom.item',
  attributes: { rung: integer({ default: 0 }) },
}) {
  run(): null {
    this.rung = (this.rung ?? 0) + 1
    return null
  }
}
registerItemTypes(Chime)

beforeEach(() => {
  told.length = 0
})

function keepDiary(store: Site['store'], name: string, priority = 0): Diary {
  const diary = store.create(Diary, { name })
  store.powerUp(diary, IService, priority)
  return diary
}

function started(site: Site): Promise<RunningNode> {
  return RunningNode.start(site, { log: new KeptLog(), makers: new Map() })
}

function failuresOf(node: RunningNode): string[] {
  return node.state().services.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure.message}`]))
}

describe('the services of a node', () => {
  it('behaviour 67: start with it in the order of their powerups and stop in reverse', async () => {
    const site = bareSite()
    for (const [name, priority] of [
      ['second', 0],
      ['first', 5],
      ['third', 0],
    ] as const)
      keepDiary(site.store, name, priority)
    const node = await started(site)
    await node.stop()
    expect(told).toEqual(['start first', 'start second', 'start third', 'stop third', 'stop second', 'stop first'])
  })

  it('are told when they fail, keep no other from running, and are tried again', async () => {
    const site = bareSite()
    const broken = keepDiary(site.store, 'broken', 5)
    keepDiary(site.store, 'sound')
    const node = await started(site)
    expect(told).toEqual(['start sound'])
    expect(failuresOf(node)).toEqual([`test_diary ${broken.storeID}: it is broken`])
    expect(node.state().ready).toBe(true)
    expect((await node.reconcile({ retriesAll: false })).started).toEqual([])
    broken.name = 'mended'
    expect((await node.reconcile()).started.map(({ id }) => id)).toEqual([broken.storeID])
    expect(failuresOf(node)).toEqual([])
    await node.stop()
  })

  it('that never start keep no other waiting for ever', async () => {
    const site = bareSite()
    keepDiary(site.store, 'hanging', 5)
    keepDiary(site.store, 'sound')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const starting = started(site)
    while (told.length === 0) {
      await vi.advanceTimersByTimeAsync(1000)
      await setImmediate()
    }
    vi.useRealTimers()
    const node = await starting
    expect(told).toEqual(['start sound'])
    expect(node.state().services.flatMap(({ failure }) => failure?.code ?? [])).toEqual(['SERVICE_SLOW'])
    await node.stop()
  })

  it('follow the store: what is deleted stops, what has come starts', async () => {
    const site = bareSite()
    const old = keepDiary(site.store, 'old')
    const node = await started(site)
    site.store.powerDown(old, IService)
    keepDiary(site.store, 'new')
    const { started: begun, stopped } = await node.reconcile()
    expect([begun.length, stopped.map(({ id }) => id)]).toEqual([1, [old.storeID]])
    expect(told).toEqual(['start old', 'stop old', 'start new'])
    await node.stop()
  })

  it('behaviour 66: starting records the versions of the software, opening does not', async () => {
    const site = bareSite()
    expect(listVersionHistory(site.store)).toEqual([])
    const node = await started(site)
    expect(listVersionHistory(site.store)[0]?.software.map(each => each.package)).toContain('mantissa')
    await node.stop()
    const again = await started(site)
    await again.stop()
    expect(listVersionHistory(site.store)).toHaveLength(1)
  })

  it('behaviour 131: overdue events run when the node starts', async () => {
    const site = bareSite()
    const chime = site.store.create(Chime, {})
    schedule(chime, Timestamp.fromDate(new Date('2020-01-01')))
    const node = await started(site)
    await expect.poll(() => chime.rung).toBe(1)
    expect((await node.measures.page()).text).toContain('mantissa_scheduled_events_total{outcome="done"} 1')
    await node.stop()
  })
})

describe('services of stores below the site', () => {
  function storeOf(account: LoginAccount) {
    const subStore = subStoreOf(account)
    if (subStore === undefined) throw new Error('no store')
    return subStore
  }

  it('behaviour 73: do not start with the node', async () => {
    const site = newSite()
    storeOf(addUser(site, 'alice@example.com')).use(store => void keepDiary(store, 'alice'))
    const node = await started(site)
    await node.stop()
    expect(told).toEqual([])
  })

  it('behaviour 74: start where the substore itself is powered up as a service, and its store stays open', async () => {
    const site = newSite()
    const account = addUser(site, 'alice@example.com')
    const other = addUser(site, 'bob@example.com')
    const subStore = storeOf(account)
    subStore.use(store => void keepDiary(store, 'alice'))
    site.store.powerUp(subStore, IService)
    const node = await RunningNode.start(site, { log: new KeptLog(), makers: new Map(), keptOpen: 1 })
    expect(told).toEqual(['start alice'])
    expect(node.state().services.map(({ store, condition }) => `${store} ${condition}`)).toContain(
      'account/example.com/alice.axiom running',
    )
    await node.withUserStore(other, () => {})
    expect(subStore.isOpen).toBe(true)
    subStore.open().create(Diary, { name: 'later' })
    await node.withUserStore(account, store =>
      store.powerUp(store.findUnique(Diary, Diary.name.equals('later')), IService),
    )
    await node.reconcile()
    site.store.powerDown(subStore, IService)
    await node.reconcile()
    expect(told).toEqual(['start alice', 'start later', 'stop later', 'stop alice'])
    await node.stop()
    expect(subStore.isOpen).toBe(false)
  })

  it('answer together when their store is asked for the interface', async () => {
    const site = bareSite()
    expect(adapt(site.store, IService)).toBe(ServiceTree.of(site.store))
  })
})

describe('what others write', () => {
  it('is noticed without being told', async () => {
    const site = bareSite()
    let looks = 0
    using _watch = new SiteWatch(
      site,
      () => {
        looks += 1
      },
      20,
    )
    using other = Site.open(site.directory)
    keepDiary(other.store, 'of another process')
    await expect.poll(() => looks).toBe(1)
    keepDiary(site.store, 'own')
    await expect.poll(() => looks).toBe(2)
  })
})

describe('a port that changes', () => {
  it('is closed and opened as it is by then', async () => {
    const { site, node } = await startSite()
    const [before] = node.ports
    const port = site.store.findUnique(TcpPort)
    Object.assign(port, { interface: '127.0.0.2' })
    const { started: begun, stopped } = await node.reconcile()
    expect([begun.length, stopped.length, before?.address]).toEqual([1, 1, undefined])
    expect(begun[0]?.address).toMatch(/^127\.0\.0\.2:\d+$/)
  })

  it('that is busy fails by name, and listens when it has become free', async () => {
    const first = await startSite()
    const second = await startSite()
    const taken = Number(new URL(first.url).port)
    Object.assign(second.site.store.findUnique(TcpPort), { portNumber: taken })
    const { failed, newlyFailed, stopped } = await second.node.reconcile()
    expect([failed.length, newlyFailed.length, stopped.length]).toEqual([1, 1, 1])
    expect(failed[0]).toMatchObject({ condition: 'failed', address: null, failure: { code: expect.any(String) } })
    await first.node.stop()
    expect((await second.node.reconcile()).started.map(({ address }) => address)).toEqual([`127.0.0.1:${taken}`])
    expect((await fetch(first.url)).status).toBeLessThan(500)
  })
})
