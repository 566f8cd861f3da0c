import { beforeAll, describe, expect, it } from 'vitest'
import { portItemsOf } from '../../../src/offerings/ports/list-ports.js'
import { ISiteUrlGenerator } from '../../../src/offerings/site-items/interfaces.js'
import { SslPort, StringEndpointPort, TcpPort } from '../../../src/offerings/site-items/ports.js'
import { SiteConfiguration } from '../../../src/offerings/site-items/site-configuration.js'
import { listAudit } from '../../../src/site/audit.js'
import { Site } from '../../../src/site/site.js'
import { installedOn, installOn } from '../../../src/store-engine/powerups/dependency.js'
import { PowerupConnector } from '../../../src/store-engine/powerups/powerup.js'
import { EchoFactory } from '../../support/port-bench.js'
import { SiteForVerbs } from '../../support/site-for-verbs.js'

const verbs = new SiteForVerbs()

describe('port list', () => {
  it('behaviour 86: on a store without ports and factories it says so', async () => {
    const bare = verbs.bareSite()
    expect(await verbs.run('port list', bare)).toEqual({ code: 0, out: 'There are no ports configured.\n', err: '' })
    expect((await verbs.run('port list --json', bare)).out).toBe('[]\n')
  })

  it('behaviour 87: TCP ports stand under their factory', async () => {
    const { web, tcp, tls } = verbs.change(({ store }) => {
      const web = store.findUnique(SiteConfiguration)
      const [tcp, tls] = [store.findUnique(TcpPort), store.findUnique(SslPort)]
      return { web: web.storeID, tcp: tcp.storeID, tls: tls.storeID }
    })
    const certificate = `${verbs.directory}/files/server.pem`
    expect((await verbs.run('port list')).out).toBe(
      [
        `${web}) xmantissa_web_siteconfiguration listening on:`,
        `  ${tcp}) TCP, any interface, port 8080`,
        `  ${tls}) SSL, any interface, port 8443, certificate ${certificate}`,
        '',
      ].join('\n'),
    )
  })

  it('behaviour 88: factories that do not listen are shown, and ports that have lost theirs', async () => {
    const { factory, orphan } = verbs.change(({ store }) => {
      const factory = store.create(EchoFactory, {})
      installOn(factory, store)
      const orphan = store.create(TcpPort, { portNumber: 7, interface: '::1' })
      return { factory: factory.storeID, orphan: orphan.storeID }
    })
    const { out } = await verbs.run('port list')
    expect(out).toContain(`\n${factory}) test_echofactory is not listening.\n`)
    expect(out).toContain(`\nNobody listening on:\n  ${orphan}) TCP, interface ::1, port 7\n`)
    verbs.change(({ store }) => {
      for (const id of [factory, orphan]) store.findItemById(id)?.deleteFromStore()
    })
  })

  it('shows a hostile description on one line', async () => {
    const id = verbs.change(
      ({ store }) => store.create(StringEndpointPort, { description: 'a\n1) \u001b[31mred' }).storeID,
    )
    expect((await verbs.run('port list')).out).toContain(`  ${id}) Endpoint 'a\\n1) \\x1b[31mred'\n`)
    verbs.change(({ store }) => store.findItemById(id)?.deleteFromStore())
  })
})

describe('port create', () => {
  it('behaviour 92: makes an installed endpoint port', async () => {
    const { out } = await verbs.run('port create tcp:8081:interface=127.0.0.1 --json')
    const { port, factory } = JSON.parse(out)
    verbs.change(({ store }) => {
      const made = store.findUnique(StringEndpointPort)
      expect(made).toMatchObject({ storeID: port, description: 'tcp:8081:interface=127.0.0.1' })
      expect(made.factory).toBe(store.findUnique(SiteConfiguration))
      expect(made.factory).toMatchObject({ storeID: factory })
      expect(installedOn(made)).toBe(store)
    })
    expect((await verbs.run('port list')).out).toContain(`  ${port}) Endpoint 'tcp:8081:interface=127.0.0.1'\n`)
    await verbs.run(`port delete ${port}`)
  })

  it('takes the words of axiomatic, and says what it said', async () => {
    const factory = verbs.change(({ store }) => store.findUnique(SiteConfiguration).storeID)
    const { out } = await verbs.onTerminal(`port create --strport tcp:0 --factory-identifier ${factory}`)
    expect(out).toBe('Created.\n')
    const port = verbs.change(({ store }) => store.findUnique(StringEndpointPort).storeID)
    expect(await verbs.onTerminal(`port delete --port-identifier ${port}`)).toMatchObject({ out: 'Deleted.\n' })
  })

  it.each([
    ['tcp:x', 2, 'ENDPOINT_INVALID'],
    ['tcp:8081 --factory 99999', 3, 'FACTORY_NOT_FOUND'],
    ['tcp:8081 --factory nobody', 3, 'FACTORY_NOT_FOUND'],
    ['tcp:8080:interface=127.0.0.1', 4, 'PORT_TAKEN'],
    ['ssl:9443:privateKey=nowhere.pem', 3, 'CERTIFICATE_MISSING'],
    [`unix:/tmp/${'x'.repeat(120)}`, 2, 'SOCKET_PATH_TOO_LONG'],
    ['', 2, 'USAGE'],
  ])('behaviour 93: refuses %j; the original exits with 1 always', async (words, code, name) => {
    const { code: actual, err } = await verbs.run(`port create ${words} --json`)
    expect([actual, JSON.parse(err).error.code]).toEqual([code, name])
    expect(verbs.change(({ store }) => store.findFirst(StringEndpointPort))).toBeUndefined()
  })

  it('plans without making anything, and has paths mean the same later', async () => {
    const { out } = await verbs.run('port create unix:site.sock:mode=600 --dry-run --json')
    expect(JSON.parse(out)).toMatchObject({
      status: 'planned',
      port: null,
      endpoint: `unix:/nowhere/site.sock:mode=600`,
    })
    expect(verbs.change(({ store }) => store.findFirst(StringEndpointPort))).toBeUndefined()
  })
})

describe('port delete', () => {
  let ids: readonly number[] = []

  beforeAll(() => {
    ids = verbs.change(({ store }) =>
      [1, 2, 3].map(portNumber => {
        const port = store.create(TcpPort, { portNumber, factory: store.findUnique(SiteConfiguration) })
        installOn(port, store)
        return port.storeID
      }),
    )
  })

  it('behaviour 90: is all or nothing; exit code 3 where the original has 1', async () => {
    const web = verbs.change(({ store }) => store.findUnique(SiteConfiguration).storeID)
    const { code, err } = await verbs.run(`port delete ${ids[0]} ${web}`)
    expect(code).toBe(3)
    expect(err).toContain(`error: ${web} does not identify a port\n`)
    expect(verbs.change(({ store }) => portItemsOf(store).map(each => each.storeID))).toEqual(
      expect.arrayContaining([...ids]),
    )
  })

  it('behaviour 91: an unknown number is said to be none; exit code 3 where the original has 1', async () => {
    const { code, err } = await verbs.run(`port delete ${ids[0]} 12345678`)
    expect(code).toBe(3)
    expect(err).toContain('error: 12345678 does not identify an item\n')
    expect(verbs.change(({ store }) => store.findItemById(ids[0] ?? 0))).toBeInstanceOf(TcpPort)
  })

  it('behaviour 89: deletes all that are named, with what made them powerups', async () => {
    const { out } = await verbs.run(`port delete ${ids[0]} ${ids[1]} ${ids[0]} --json`)
    expect(JSON.parse(out)).toEqual({ status: 'done', ports: [ids[0], ids[1]], endpoints: ['tcp:1', 'tcp:2'] })
    verbs.change(({ store }) => {
      expect(ids.map(id => store.findItemById(id) !== undefined)).toEqual([false, false, true])
      const left = [...store.query(PowerupConnector)].map(each => store.storedReference(each, 'powerup'))
      expect(left).not.toContain(ids[0])
    })
  })

  it('is recorded in the audit log', () => {
    using site = Site.open(verbs.directory, { readonly: true })
    expect([...listAudit(site)]).toContainEqual(
      expect.objectContaining({ verb: 'port delete', result: 'PORT_NOT_FOUND' }),
    )
  })
})

it('behaviour 94: deleting a factory deletes its ports', () => {
  verbs.change(({ store }) => {
    const factory = store.create(EchoFactory, {})
    const ports = [
      store.create(TcpPort, { factory, portNumber: 1 }),
      store.create(SslPort, { factory, portNumber: 2 }),
      store.create(StringEndpointPort, { factory, description: 'tcp:3' }),
    ]
    for (const port of ports) installOn(port, store)
    factory.deleteFromStore()
    expect(ports.map(each => store.findItemById(each.storeID))).toEqual([undefined, undefined, undefined])
    expect(store.powerupsFor(ISiteUrlGenerator)).toHaveLength(1)
  })
})
