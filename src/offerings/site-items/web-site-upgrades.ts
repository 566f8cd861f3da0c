/**
 * A web site used to be the server too: its ports (up to version 4), host name and log (up to version 5) were its own.
 *
 * In a user's store nothing of that had a meaning and only the count of hits stays. In the store of a site the item goes,
 * and a SiteConfiguration, an AnonymousSite and ports, each of them installed, come in its place.
 */
import { existsSync, readFileSync } from 'node:fs'
import { LoginSystem } from '../../accounts/login-system.js'
import { giveToOwnerOf, makeDirectory, writeFileAtomic } from '../../base/atomic-file.js'
import { assertInside, safeJoin } from '../../base/safe-path.js'
import { isUserStore } from '../../site/not-a-site.js'
import type { Item } from '../../store-engine/items/item.js'
import { installedOn, installOn } from '../../store-engine/powerups/dependency.js'
import type { Store } from '../../store-engine/store.js'
import type { LegacyItem } from '../../store-engine/upgrades/legacy-item.js'
import { registerUpgrader, type Upgrader } from '../../store-engine/upgrades/upgrade.js'
import { ISessionlessSiteRootPlugin } from './interfaces.js'
import { SslPort, StringEndpointPort, TcpPort } from './ports.js'
import { AnonymousSite } from './public-pages.js'
import { SiteConfiguration } from './site-configuration.js'
import { StaticSite } from './static-content.js'
import type { WebSite } from './web-site.js'

registerUpgrader(upgraderFrom(1))
registerUpgrader(upgraderFrom(2))
registerUpgrader(upgraderFrom(3))
registerUpgrader(upgraderFrom(4))
registerUpgrader(upgraderFrom(5))

function upgraderFrom(from: number): Upgrader<WebSite> {
  return {
    typeName: 'mantissa_web_powerup',
    from,
    to: 6,
    upgrade: ({ values }) => ({ hitCount: values['hitCount'] }),
    after: divide,
  }
}

function divide(webSite: WebSite, legacy: LegacyItem): void {
  const { store } = webSite
  if (legacy.version <= 2) removeStaticMistake(store)
  if (store.parent !== null || isUserStore(store)) return
  const configuration = configure(store, legacy.values)
  if (store.findFirst(AnonymousSite) === undefined) install(store.create(AnonymousSite, {}))
  for (const portClass of [TcpPort, SslPort, StringEndpointPort])
    for (const port of store.query(portClass, { where: portClass.factory.equals(webSite) }))
      port.factory = configuration
  createPorts(store, configuration, legacy.values)
  webSite.deleteFromStore()
  store.powerups.forget(webSite.storeID)
}

/** A login system of that time is a powerup, and no connector says that it is installed: a second one would be made. */
function configure(store: Store, { hostname }: LegacyItem['values']): SiteConfiguration {
  const loginSystem = store.findFirst(LoginSystem)
  if (loginSystem !== undefined && installedOn(loginSystem) === undefined) install(loginSystem)
  const known = store.findFirst(SiteConfiguration)
  if (known !== undefined) return known
  const httpLog = store.filesDirectory === null ? null : store.filePath('httpd.log')
  return install(store.create(SiteConfiguration, { hostname: String(hostname || 'localhost'), httpLog }))
}

function createPorts(store: Store, factory: SiteConfiguration, values: LegacyItem['values']): void {
  const { portNumber, securePortNumber, certificateFile } = values
  if (typeof portNumber === 'number') install(store.create(TcpPort, { portNumber, factory }))
  if (typeof securePortNumber !== 'number' || !(certificateFile instanceof Uint8Array)) return
  const certificatePath = adoptCertificate(store, Buffer.from(certificateFile).toString('utf8'))
  if (certificatePath !== undefined)
    install(store.create(SslPort, { portNumber: securePortNumber, certificatePath, factory }))
}

/**
 * Copies the certificate, whose path was relative to the store's directory, to where it belongs. The old one stays: a
 * file that was moved would not come back with a transaction that fails. Undefined where there is none.
 */
function adoptCertificate(store: Store, path: string): string | undefined {
  if (store.directory === null || store.filesDirectory === null || path === '') return undefined
  const source = assertInside(store.directory, safeJoin(store.directory, ...path.split('/')))
  // Reading a database that is open drops SQLite's locks on it.
  if (!existsSync(source) || /\.sqlite/.test(source)) return undefined
  const target = store.filePath('server.pem')
  if (!existsSync(target)) {
    makeDirectory(store.filesDirectory)
    writeFileAtomic(target, readFileSync(source), { mode: 0o600 })
    giveToOwnerOf(store.directory, target)
  }
  return target
}

/** An item that sites of versions 1 and 2 were given by mistake. */
function removeStaticMistake(store: Store): void {
  const mistake = store.findFirst(StaticSite, StaticSite.prefixURL.equals('static/mantissa'))
  if (mistake === undefined) return
  store.powerups.withdraw(mistake, ISessionlessSiteRootPlugin)
  mistake.deleteFromStore()
}

function install<I extends Item>(item: I): I {
  installOn(item, item.store)
  return item
}
