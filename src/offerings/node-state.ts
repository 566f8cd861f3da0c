import type { JsonObject } from '../base/json.js'

/**
 * `running`; `starting`, where it has not said yet that it works; `stopping`, while it ends what it has begun; `failed`,
 * which is tried again; `idle`, an item that has nothing to run; `without-code`, one whose offering cannot be loaded here.
 */
export type ServiceCondition = 'starting' | 'running' | 'stopping' | 'failed' | 'idle' | 'without-code'

/** One powerup for IService, or a part of the node itself. */
export interface ServiceState extends JsonObject {
  /** For people: the type, and where it lies: `port 12`, `scheduler`. */
  readonly name: string
  /** The storeID in the store that holds it; null for a part of the node itself. */
  readonly id: number | null
  /** The directory of that store below the site; empty for the site's own. */
  readonly store: string
  readonly type: string
  readonly condition: ServiceCondition
  /** Where it listens: `127.0.0.1:8080`, `[::]:8443`, a path; null for what does not. */
  readonly address: string | null
  readonly failure: ServiceFailure | null
}

export interface ServiceFailure extends JsonObject {
  readonly code: string
  readonly message: string
  readonly hint: string
}

/** What a running node says of itself. */
export interface NodeState extends JsonObject {
  readonly site: string
  readonly pid: number
  /** RFC 3339. */
  readonly since: string
  readonly version: string
  /** Everything was started, or has failed and is listed, and nothing is stopping. */
  readonly ready: boolean
  readonly services: readonly ServiceState[]
  readonly openStores: number
  /** Of the administration endpoint; null where there is none. */
  readonly admin: string | null
}

/** What a look at the store has changed in the node. */
export interface Reconciliation extends JsonObject {
  /** Since somebody asked last, and no longer ago than some seconds. */
  readonly started: readonly ServiceState[]
  /** As they were. */
  readonly stopped: readonly ServiceState[]
  /** All that do not run though they should, whether or not they were tried just now. */
  readonly failed: readonly ServiceState[]
  /** Those of them that have failed, or for another reason than before, since somebody asked last. */
  readonly newlyFailed: readonly ServiceState[]
  /** User stores that were closed because they have gone or moved. */
  readonly closedStores: number
}
