/**
 * Everything that runs for one store: its powerups for IService, started in their order and stopped in reverse.
 *
 * The store is the truth. A tree that runs is told to look again whenever somebody has written, and makes what runs
 * follow what is stored: it stops what is no longer there, starts what has come, and a port whose attributes have changed
 * is closed and opened. One service that fails is told and keeps no other from running; it is tried again at each look,
 * at once where somebody asks for it, else after a while.
 *
 * A substore that is such a powerup has a tree of its own, and only then do the services of that store run. So the
 * services of users do not start with the node (they are the users' to start, and a node has a hundred thousand of them),
 * and those of an offering's application store do where its offering has made the store a powerup. What has powerups that
 * are services and is asked for IService answers with its tree.
 *
 * Left out: replacing the code of an offering that has been loaded. Modules live as long as their process.
 */
import type { ServiceState } from '../offerings/node-state.js'
import { isPort } from '../offerings/ports/endpoint-of-port.js'
import type { ProtocolFactoryMaker, Service } from '../offerings/services.js'
import { IService } from '../offerings/site-items/interfaces.js'
import type { Item } from '../store-engine/items/item.js'
import { registerAggregate, type Target } from '../store-engine/powerups/adapt.js'
import { Store } from '../store-engine/store.js'
import { SubStore } from '../store-engine/sub-store.js'
import type { NodeServiceHost } from './node-service-host.js'
import { ListeningPort } from './ports/listening-port.js'
import { Retries } from './retries.js'
import { RunningService } from './running-service.js'
import { listWantedServices, type WantedService } from './wanted-services.js'

/** Who speaks at ports whose factory is an item of that type; for types that are no makers themselves. */
export type FactoryMakers = ReadonlyMap<string, ProtocolFactoryMaker>

export class ServiceTree implements Service {
  readonly #store: Store
  readonly #running = new Map<number, RunningService>()
  readonly #retries = new Retries()
  #host: NodeServiceHost | undefined

  private constructor(store: Store) {
    this.#store = store
  }

  static readonly #trees = new WeakMap<Store, ServiceTree>()

  /** One for each store that is open. */
  static of(store: Store): ServiceTree {
    const tree = ServiceTree.#trees.get(store) ?? new ServiceTree(store)
    ServiceTree.#trees.set(store, tree)
    return tree
  }

  /** All that runs or should, and what is below each. */
  get states(): readonly ServiceState[] {
    return [...this.#running.values()].flatMap(each => [each.state, ...(treeBelow(each)?.states ?? [])])
  }

  /** See {@link RunningService.takeNews}. */
  takeNews(): readonly ServiceState[] {
    return [...this.#running.values()].flatMap(each => [...each.takeNews(), ...(treeBelow(each)?.takeNews() ?? [])])
  }

  /** The ports that listen. */
  get ports(): readonly ListeningPort[] {
    return [...this.#running.values()].flatMap(each => {
      if (each.state.condition === 'running' && each.service instanceof ListeningPort) return [each.service]
      return treeBelow(each)?.ports ?? []
    })
  }

  /** Starts what there is; what fails is among {@link ServiceTree.states}. */
  async startService(host: NodeServiceHost): Promise<void> {
    this.#host = host
    await this.reconcile({ retriesAll: true })
  }

  async stopService(): Promise<void> {
    for (const each of [...this.#running.values()].reverse()) await this.#stop(each)
    this.#host = undefined
  }

  /**
   * Has what runs follow the store, and returns what was stopped. Not to be called again before it has ended.
   * @param retriesAll - tries again what has failed, however short ago that was.
   */
  async reconcile(options: { readonly retriesAll: boolean }): Promise<readonly ServiceState[]> {
    if (this.#host === undefined) return []
    const wanted = listWantedServices(this.#store)
    const stopped = await this.#stopOthers(wanted)
    for (const each of wanted) stopped.push(...(await this.#ensure(each, options)))
    return stopped
  }

  async #stopOthers(wanted: readonly WantedService[]): Promise<ServiceState[]> {
    const signatures = new Map(wanted.map(({ id, signature }) => [id, signature]))
    const stopped: ServiceState[] = []
    for (const each of [...this.#running.values()].reverse()) {
      const { id, signature } = each.facts
      if (signatures.get(id) === signature && !isOutdated(each)) continue
      const { state } = each
      if (state.condition === 'running') stopped.push(state)
      await this.#stop(each)
    }
    return stopped
  }

  /** What was stopped in the store below it. */
  async #ensure(wanted: WantedService, options: { readonly retriesAll: boolean }): Promise<readonly ServiceState[]> {
    const known = this.#running.get(wanted.id)
    if (known !== undefined && !known.isFailed) return await this.#lookInto(known, options)
    if (known !== undefined && !options.retriesAll && !this.#retries.isDue(wanted.id)) return []
    const service = known ?? runningServiceFor(wanted, this.#host)
    this.#running.set(wanted.id, service)
    if (this.#host !== undefined) await service.start(this.#host)
    this.#retries.note(wanted.id, service.isFailed)
    return []
  }

  async #lookInto(known: RunningService, options: { readonly retriesAll: boolean }): Promise<readonly ServiceState[]> {
    if (options.retriesAll && known.service instanceof ListeningPort) known.service.reloadCertificate()
    return (await treeBelow(known)?.reconcile(options)) ?? []
  }

  async #stop(service: RunningService): Promise<void> {
    if (this.#host !== undefined) await service.stop(this.#host)
    this.#running.delete(service.facts.id)
    this.#retries.forget(service.facts.id)
  }
}

/** The services of a store below, for as long as that store is a powerup. */
class ServicesBelow implements Service {
  readonly #subStore: SubStore
  #host: NodeServiceHost | undefined
  #store: Store | undefined

  constructor(subStore: SubStore) {
    this.#subStore = subStore
  }

  get tree(): ServiceTree | undefined {
    return this.#store === undefined ? undefined : ServiceTree.of(this.#store)
  }

  /** Another store, or none, lies where it was opened. */
  get isOutdated(): boolean {
    return this.#store?.hasMoved === true || this.#store?.isClosed === true
  }

  async startService(host: NodeServiceHost): Promise<void> {
    this.#host = host
    this.#store = host.keepOpen(this.#subStore)
    await this.tree?.startService(host)
  }

  async stopService(): Promise<void> {
    await this.tree?.stopService()
    this.#store = undefined
    this.#host?.letGo(this.#subStore)
  }
}

function runningServiceFor(wanted: WantedService, host: NodeServiceHost | undefined): RunningService {
  const { item } = wanted
  if (item === undefined || host === undefined) return new RunningService(wanted, undefined, 'without-code')
  if (isPort(item)) return new RunningService(wanted, new ListeningPort(item, host.makers))
  if (item instanceof SubStore) return new RunningService(wanted, new ServicesBelow(item))
  return isService(item) ? new RunningService(wanted, item) : new RunningService(wanted, undefined, 'idle')
}

function isService(item: Item): item is Item & Service {
  const { startService, stopService } = item as Item & Partial<Service>
  return typeof startService === 'function' && typeof stopService === 'function'
}

function treeBelow({ service }: RunningService): ServiceTree | undefined {
  return service instanceof ServicesBelow ? service.tree : undefined
}

function isOutdated({ service }: RunningService): boolean {
  return service instanceof ServicesBelow && service.isOutdated
}

function treeFor(target: Target, powerups: readonly unknown[]): unknown {
  return target instanceof Store ? ServiceTree.of(target) : (powerups[0] ?? target)
}
registerAggregate(IService, treeFor)
