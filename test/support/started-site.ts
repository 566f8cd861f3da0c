import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { NODE_BUSY_TIMEOUT } from '../../src/node/patience.js'
import { RunningNode } from '../../src/node/running-node.js'
import { createSite } from '../../src/offerings/create-site.js'
import { installOffering } from '../../src/offerings/install-offering.js'
import { loadOffering } from '../../src/offerings/load-offering.js'
import type { ServiceLog } from '../../src/offerings/services.js'
import { SslPort, TcpPort } from '../../src/offerings/site-items/ports.js'
import { Site } from '../../src/site/site.js'
import { webServer } from '../../src/web/web-server.js'
import { atEnd } from './at-end.js'
import { temporaryDirectory } from './temporary-directory.js'

/** Keeps what a node logs, for tests that ask. */
export class KeptLog implements ServiceLog {
  readonly lines: { readonly level: string; readonly facts: object; readonly sentence: string }[] = []
  readonly debug = this.#keep('debug')
  readonly info = this.#keep('info')
  readonly warn = this.#keep('warn')
  readonly error = this.#keep('error')

  child(): ServiceLog {
    return this
  }

  #keep(level: string) {
    return (facts: object, sentence: string): void => void this.lines.push({ level, facts, sentence })
  }
}

export interface StartedSite {
  readonly site: Site
  readonly node: RunningNode
  /** Of the plain HTTP port, without a slash at the end. */
  readonly url: string
  readonly log: KeptLog
}

/** A new site that is served by a node in this process, on loopback, until the running test ends, or its file (`at-end`). */
export async function startSite(
  options: { hostname?: string; offerings?: readonly string[]; prepare?: (site: Site) => void } = {},
): Promise<StartedSite> {
  const directory = join(temporaryDirectory(), 'site.axiom')
  await createSite(directory, { hostname: options.hostname ?? 'example.com' })
  const site = Site.open(directory, { busyTimeout: NODE_BUSY_TIMEOUT })
  for (const name of options.offerings ?? []) await installOffering(site, await loadOffering(name, site))
  site.store.findUnique(SslPort).deleteFromStore()
  for (const port of site.store.query(TcpPort)) Object.assign(port, { portNumber: 0, interface: '127.0.0.1' })
  options.prepare?.(site)
  return serve(site)
}

/** A node in this process for a site that is open; both are closed when the running test ends. */
export async function serve(site: Site): Promise<StartedSite> {
  const log = new KeptLog()
  const node = await RunningNode.start(site, {
    log,
    makers: new Map([['xmantissa_web_siteconfiguration', webServer]]),
  })
  atEnd(async () => {
    await node.stop()
    site.close()
  })
  const [listening] = node.ports
  if (listening === undefined) throw new Error(`nothing listens: ${JSON.stringify(log.lines)}`)
  const { port } = listening.address as AddressInfo
  return { site, node, url: `http://127.0.0.1:${port}`, log }
}
