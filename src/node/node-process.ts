/**
 * A node as a process of its own: the lock that makes it the only one of its site, what others find of it
 * (`node-place.ts`), the socket at which verbs speak to it (`control/`), the endpoint for programs that watch it
 * (`admin-endpoint.ts`), its supervisor (`supervisor.ts`), and the watch for what others write (`site-watch.ts`).
 *
 * In this order it is taken up, and in reverse it is let go. Whoever has the lock replaces what a node that was killed
 * has left. The process itself (signals, the end) is the command line's.
 */
import { toIso } from '../base/clock.js'
import { type MantissaError, UnavailableError } from '../base/errors.js'
import type { JsonObject } from '../base/json.js'
import { ownPid } from '../base/this-process.js'
import { toolkitVersion } from '../offerings/declarations.js'
import type { NodeState, ServiceState } from '../offerings/node-state.js'
import type { Site } from '../site/site.js'
import { type AdminAddress, AdminEndpoint } from './admin-endpoint.js'
import { ControlServer } from './control/control-server.js'
import { takeNodeLock } from './node-lock.js'
import type { NodeLog } from './node-log.js'
import { readNodeFacts, removeNodeFacts, writeNodeFacts } from './node-place.js'
import { RunningNode } from './running-node.js'
import type { FactoryMakers } from './service-tree.js'
import { SiteWatch } from './site-watch.js'
import { Supervisor } from './supervisor.js'

export interface NodeProcessOptions {
  readonly log: NodeLog
  readonly makers: FactoryMakers
  readonly pidFile: string
  readonly logFile: string | null
  /** Null: none. */
  readonly admin: AdminAddress | null
  /** Fails where a single service does. Else only where there are ports and none of them can listen. */
  readonly strict: boolean
  readonly keptOpen?: number
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Somebody asks at the socket. */
  readonly onStop: () => void
}

export class NodeProcess {
  readonly #site: Site
  readonly #options: NodeProcessOptions
  readonly #node: RunningNode
  readonly #supervisor: Supervisor
  /** What undoes each step that was taken. */
  readonly #ends: (() => void | Promise<void>)[] = []
  #admin: AdminEndpoint | undefined

  private constructor(site: Site, options: NodeProcessOptions) {
    this.#site = site
    this.#options = options
    this.#node = RunningNode.of(site, options)
    this.#supervisor = new Supervisor(options.variables, options.log)
  }

  /**
   * Runs a node on a site that was opened with NODE_BUSY_TIMEOUT and stays the caller's to close.
   * @throws NodeRunningError, OriginalServerRunsError, NothingListensError and whatever else keeps it from running;
   *   nothing runs then.
   */
  static async start(site: Site, options: NodeProcessOptions): Promise<NodeProcess> {
    const started = new NodeProcess(site, options)
    try {
      await started.#start()
      return started
    } catch (error) {
      await started.#end()
      throw error
    }
  }

  get state(): NodeState {
    return { ...this.#node.state(), admin: this.#admin?.address ?? null }
  }

  /** Ends what has begun, for a bounded time; when it resolves another node may start. */
  async stop(): Promise<void> {
    this.#options.log.info({}, 'the node stops')
    this.#supervisor.stopping()
    await this.#end()
  }

  /** Opens the log anew and looks at everything again, failed services included. */
  async reload(): Promise<void> {
    this.#options.log.reopen()
    await this.#node.reconcile({ retriesAll: true })
  }

  async #start(): Promise<void> {
    const lock = await takeNodeLock(this.#site)
    this.#ends.push(() => lock.release())
    this.#bury()
    await this.#openControl()
    await this.#listenForAdministration()
    this.#ends.push(() => this.#node.stop())
    await this.#node.start()
    this.#assertServes()
    const watch = new SiteWatch(this.#site, () => this.#follow())
    this.#ends.push(() => watch[Symbol.dispose]())
    this.#tellReady()
  }

  /** What a node that has ended without stopping has left. */
  #bury(): void {
    const before = readNodeFacts(this.#site.directory)
    if (before === undefined) return
    const { pid, since } = before
    this.#options.log.warn({ pid, since }, 'the node before this one has ended without stopping')
    removeNodeFacts(this.#site.directory)
  }

  /** One step that cannot be undone keeps none of the others from it. */
  async #end(): Promise<void> {
    for (const undo of this.#ends.splice(0).reverse()) {
      try {
        await undo()
      } catch (error) {
        this.#options.log.error({ err: error }, 'a part of the node did not end as it should')
      }
    }
  }

  async #openControl(): Promise<void> {
    const { directory, clock } = this.#site
    const control = await ControlServer.open(directory, toolkitVersion(), {
      state: () => this.state,
      reconcile: () => this.#node.reconcile({ retriesAll: true }),
      reload: async () => {
        await this.reload()
        return this.state
      },
      stop: () => {
        setImmediate(this.#options.onStop)
        return this.state
      },
    })
    this.#ends.push(() => control.close())
    const { pidFile, logFile } = this.#options
    writeNodeFacts(directory, { pid: ownPid(), socket: control.path, pidFile, logFile, since: toIso(clock()) })
    this.#ends.push(() => removeNodeFacts(directory, pidFile))
  }

  /** One that cannot listen (another site's node has the port) is no reason not to serve people. */
  async #listenForAdministration(): Promise<void> {
    const { admin, log } = this.#options
    if (admin === null) return
    try {
      this.#admin = await AdminEndpoint.listen(this.#node, admin)
      this.#ends.push(() => this.#admin?.close())
    } catch (error) {
      log.error({ err: error, ...admin }, 'the administration endpoint does not listen')
    }
  }

  #assertServes(): void {
    const services = this.#node.state().services.filter(({ id }) => id !== null)
    const failed = services.filter(({ condition }) => condition === 'failed')
    const ports = services.filter(({ name }) => name.startsWith('port '))
    const isDeaf = ports.length > 0 && ports.every(({ condition }) => condition !== 'running')
    if (isDeaf || (this.#options.strict && failed.length > 0)) throw new NothingListensError(isDeaf ? ports : failed)
  }

  #follow(): void {
    this.#node.reconcile({ retriesAll: false }).catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'the node could not follow a change of the site')
    })
  }

  #tellReady(): void {
    const { services, admin } = this.state
    const addresses = services.flatMap(({ address }) => address ?? [])
    this.#options.log.info({ addresses, admin }, 'the node is ready')
    this.#supervisor.ready(`serves at ${addresses.join(', ')}`)
  }
}

/** Services that must run do not; the node was stopped again. */
export class NothingListensError extends UnavailableError {
  constructor(failed: readonly ServiceState[]) {
    const reasons = failed.map(({ name, failure }) => `${name}: ${failure?.message ?? 'without code'}`)
    super(`the node does not start: ${reasons.join('; ')}`, {
      code: 'SERVICES_FAILED',
      hint: hintOf(failed[0]?.failure),
      details: { failed: failed.map((each): JsonObject => ({ ...each })) },
    })
  }
}

function hintOf(failure: Pick<MantissaError, 'hint'> | null | undefined): string {
  return failure?.hint ? failure.hint : 'see which ports there are: mantissa info'
}
