/**
 * A running node: a site, opened once, and everything that runs on it.
 *
 * It is what services know as their host. Around it, `node-process.ts` makes a process of it, with a lock, a log and a
 * socket at which it can be spoken to; tests run one without.
 *
 * Nothing here may stop for long: one thread serves everybody. So SQLite waits only shortly for other writers and the
 * rest of the waiting is done in between (`patience.ts`), user stores stay open (`open-stores.ts`), and whatever takes
 * long belongs into a worker.
 *
 * The node starts what the store says, in the order of the powerups, the scheduler first, since overdue events are to
 * run whatever else fails; it stops in reverse. It is ready when everything has been started or has failed, and a service
 * that fails is told and tried again.
 */
import type { LoginAccount } from '../accounts/login-account.js'
import { toIso } from '../base/clock.js'
import { ownPid } from '../base/this-process.js'
import { toolkitVersion } from '../offerings/declarations.js'
import type { NodeState, Reconciliation, ServiceState } from '../offerings/node-state.js'
import { runningVersions } from '../offerings/running-versions.js'
import type { ServiceLog } from '../offerings/services.js'
import { SiteScheduler } from '../scheduling/site-scheduler.js'
import type { Site } from '../site/site.js'
import { Timestamp } from '../store-engine/attributes/timestamp.js'
import type { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'
import { recordSystemVersion } from '../store-engine/versions/record-system-version.js'
import { NodeMeasures } from './measures.js'
import { measureNode, schedulerReporter } from './node-measures.js'
import type { NodeServiceHost } from './node-service-host.js'
import { OfferingCode } from './offering-code.js'
import { OpenStores } from './open-stores.js'
import { type PatienceListener, patiently } from './patience.js'
import type { ListeningPort } from './ports/listening-port.js'
import { type FactoryMakers, ServiceTree } from './service-tree.js'

export interface NodeOptions {
  readonly log: ServiceLog
  readonly makers: FactoryMakers
  /** How many user stores stay open. */
  readonly keptOpen?: number
}

/** Milliseconds that stopping waits for a look at the store that is under way. */
const LAST_LOOK = 5000

export class RunningNode implements NodeServiceHost {
  readonly site: Site
  readonly log: ServiceLog
  readonly makers: FactoryMakers
  readonly measures = new NodeMeasures()
  readonly stores: OpenStores
  readonly #since: string
  readonly #patience: PatienceListener
  readonly #code: OfferingCode
  readonly #services: ServiceTree
  readonly #scheduler: SiteScheduler
  #schedulerRuns = false
  #isReady = false
  #looking: Promise<unknown> = Promise.resolve()

  private constructor(site: Site, options: NodeOptions) {
    this.site = site
    this.log = options.log
    this.makers = options.makers
    this.stores = new OpenStores(options.keptOpen)
    this.#since = toIso(site.clock())
    this.#code = new OfferingCode(site, this.log)
    this.#services = ServiceTree.of(site.store)
    this.#scheduler = new SiteScheduler(site, schedulerReporter(this.log, this.measures))
    this.#patience = measureNode(this)
  }

  /** Starts everything on a site that was opened with NODE_BUSY_TIMEOUT; the site stays the caller's to close. */
  static async start(site: Site, options: NodeOptions): Promise<RunningNode> {
    const node = new RunningNode(site, options)
    await node.start()
    return node
  }

  /** Not started yet, for whoever wants to look at it meanwhile. */
  static of(site: Site, options: NodeOptions): RunningNode {
    return new RunningNode(site, options)
  }

  /** When it resolves the node is ready. Services that have failed are in {@link RunningNode.state}. */
  async start(): Promise<void> {
    await this.#code.load()
    const now = Timestamp.fromMicroseconds(this.site.clock())
    await this.patiently(() => recordSystemVersion(this.site.store, runningVersions(this.site), now))
    this.#scheduler.start()
    this.#schedulerRuns = true
    await this.#inTurn(() => this.#services.startService(this))
    this.#services.takeNews()
    this.#isReady = true
  }

  /** The ports that listen. */
  get ports(): readonly ListeningPort[] {
    return this.#services.ports
  }

  patiently<T>(deed: () => T): Promise<T> {
    return patiently(deed, this.#patience)
  }

  withUserStore<T>(account: LoginAccount, work: (userStore: Store) => T): Promise<T> {
    return this.patiently(() => this.stores.use(account, work))
  }

  keepOpen(subStore: SubStore): Store {
    return this.stores.keep(subStore)
  }

  letGo(subStore: SubStore): void {
    this.stores.letGo(subStore)
  }

  /** @param options.retriesAll - see {@link ServiceTree.reconcile}; true where somebody asked. */
  reconcile({ retriesAll }: { readonly retriesAll: boolean } = { retriesAll: true }): Promise<Reconciliation> {
    return this.#inTurn(async () => {
      const closedStores = this.stores.closeGone()
      await this.#code.load({ retriesAll })
      const stopped = await this.#services.reconcile({ retriesAll })
      const news = retriesAll ? this.#services.takeNews() : []
      const started = news.filter(({ condition }) => condition === 'running')
      const newlyFailed = news.filter(({ condition }) => condition === 'failed')
      return { started, stopped, failed: this.#failed, newlyFailed, closedStores }
    })
  }

  state(): NodeState {
    return {
      site: this.site.directory,
      pid: ownPid(),
      since: this.#since,
      version: toolkitVersion(),
      ready: this.#isReady,
      services: [this.#schedulerState, ...this.#services.states],
      openStores: this.stores.count,
      admin: null,
    }
  }

  /** Stops in reverse; when it resolves nothing runs any more and no user store is open. */
  async stop(): Promise<void> {
    this.#isReady = false
    await Promise.race([this.#looking, new Promise(resolve => setTimeout(resolve, LAST_LOOK).unref())])
    await this.#services.stopService()
    this.#scheduler.stop()
    this.#schedulerRuns = false
    this.stores[Symbol.dispose]()
  }

  get #failed(): readonly ServiceState[] {
    return this.#services.states.filter(({ condition }) => condition === 'failed')
  }

  get #schedulerState(): ServiceState {
    const condition = this.#schedulerRuns ? 'running' : 'starting'
    return { name: 'scheduler', id: null, store: '', type: 'scheduler', condition, address: null, failure: null }
  }

  /** One look at the store at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#looking.then(work)
    this.#looking = turn.catch(() => {})
    return turn
  }
}
