/**
 * A running node: a site, opened once, and everything that runs on it.
 */
import type { LoginAccount } from '../accounts/login-account.js'
import { loadInstalledOfferings } from '../offerings/load-installed-offerings.js'
import type { ServiceHost, ServiceLog } from '../offerings/services.js'
import { SiteScheduler } from '../scheduling/site-scheduler.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import { NodeMeasures } from './measures.js'
import { OpenStores } from './open-stores.js'
import { patiently } from './patience.js'
import type { ListeningPort } from './ports/listening-port.js'
import { type FactoryMakers, ServiceTree } from './service-tree.js'

export interface NodeOptions {
  readonly log: ServiceLog
  readonly makers: FactoryMakers
  /** How many user stores stay open. */
  readonly keptOpen?: number
}

export class RunningNode implements ServiceHost {
  readonly site: Site
  readonly log: ServiceLog
  readonly measures = new NodeMeasures()
  readonly patiently = patiently
  readonly #stores: OpenStores
  readonly #services: ServiceTree
  readonly #scheduler: SiteScheduler

  private constructor(site: Site, options: NodeOptions) {
    this.site = site
    this.log = options.log
    this.#stores = new OpenStores(options.keptOpen)
    this.#services = new ServiceTree(this, options.makers)
    this.#scheduler = new SiteScheduler(site, {
      onTrouble: error => this.log.warn({ reason: String(error) }, 'the scheduler could not work'),
    })
    this.measures.gauge('mantissa_open_stores', 'User stores that are open', () => this.#stores.count)
  }

  /** Starts everything on a site that was opened with NODE_BUSY_TIMEOUT; the site stays the caller's to close. */
  static async start(site: Site, options: NodeOptions): Promise<RunningNode> {
    await loadInstalledOfferings(site)
    const node = new RunningNode(site, options)
    node.#scheduler.start()
    await node.#services.start()
    return node
  }

  /** The ports that listen. */
  get ports(): readonly ListeningPort[] {
    return this.#services.ports
  }

  withUserStore<T>(account: LoginAccount, work: (userStore: Store) => T): Promise<T> {
    return patiently(() => this.#stores.use(account, work))
  }

  /** Stops in reverse; when it resolves nothing runs any more and no user store is open. */
  async stop(): Promise<void> {
    await this.#services.stop()
    this.#scheduler.stop()
    this.#stores[Symbol.dispose]()
  }
}
