/**
 * What runs while a node runs: the contract between the node and the items that are services.
 *
 * A powerup for IService is started with the node and stopped with it. A port is such a powerup; it listens, and has
 * somebody else, its factory, speak: an item that is a {@link ProtocolFactoryMaker}. So an offering that serves a
 * protocol brings one factory item, and the administrator chooses the ports.
 */
import type { Server } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { LoginAccount } from '../accounts/login-account.js'
import type { JsonObject } from '../base/json.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import type { NodeState, Reconciliation } from './node-state.js'

/** A powerup for IService that is more than a port. */
export interface Service {
  /** Resolves when it works. A service that throws keeps no other from starting; the node says that it does not run. */
  startService(host: ServiceHost): void | Promise<void>
  /** Finishes what has begun, as quickly as it can, and leaves nothing running. Called once for each start. */
  stopService(): void | Promise<void>
}

/** What a node gives to its services. */
export interface ServiceHost {
  /** Open for writing, with a short busy timeout: write through {@link ServiceHost.patiently}. */
  readonly site: Site
  readonly log: ServiceLog
  readonly measures: Measures
  /**
   * Does `deed`, and does it again while a store is busy, for up to five seconds; in between, others are served.
   * @throws StoreBusyError after that, and whatever else `deed` throws; it has then changed nothing.
   */
  patiently<T>(deed: () => T): Promise<T>
  /**
   * Calls `work` with the store of an account, opened or still open. The store is not to be kept: it is closed when it
   * has not been used for a while. Patient as {@link ServiceHost.patiently}: `work` may be called again.
   * @throws NotFoundError (`NO_STORE`) where the account has no store, or has none any more: it may have gone to another
   *   site while this waited, so whoever looked the account up looks again.
   */
  withUserStore<T>(account: LoginAccount, work: (userStore: Store) => T): Promise<T>
  /**
   * Has what runs follow the store: to be called after a change of services (a port made, an offering installed), so
   * that it takes effect now and not within a second or two. A service that does not start is in the answer.
   */
  reconcile(): Promise<Reconciliation>
  /** What runs, for those who show it. */
  state(): NodeState
}

/** Structured: facts first, then a sentence. Never a secret in either. */
export interface ServiceLog {
  debug(facts: JsonObject, sentence: string): void
  info(facts: JsonObject, sentence: string): void
  warn(facts: JsonObject, sentence: string): void
  /** `facts.err` may be an Error. */
  error(facts: Readonly<Record<string, unknown>>, sentence: string): void
  child(facts: JsonObject): ServiceLog
}

/** What can be read at `/metrics`. Asking again for a name gives the same measure. */
export interface Measures {
  counter(name: string, help: string, labels?: readonly string[]): { add(labels?: Labels, count?: number): void }
  /** Seconds or bytes; buckets in rising order. */
  histogram(
    name: string,
    help: string,
    labels?: readonly string[],
    buckets?: readonly number[],
  ): { observe(value: number, labels?: Labels): void }
  /** `read` is called when somebody looks. */
  gauge(name: string, help: string, read: () => number): void
}

export type Labels = Readonly<Record<string, string | number>>

/** Speaks a protocol at any number of ports. */
export interface ProtocolFactory {
  /**
   * A server that does not listen yet. With `tls` it is a tls.Server, whose certificate the port may replace later. The
   * port closes it: it stops accepting, waits for `drain` and for open connections, and cuts those that stay.
   */
  createServer(tls: SecureContextOptions | null): Server
  /** Tells idle connections to go and busy ones to finish; called once, when the server has stopped accepting. */
  drain?(server: Server): void
  /** All its ports are closed. */
  close?(): Promise<void>
}

/** What the factory of a port is, or is adapted to. */
export interface ProtocolFactoryMaker {
  makeProtocolFactory(host: ServiceHost): ProtocolFactory | Promise<ProtocolFactory>
}
