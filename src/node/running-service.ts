import type { AddressInfo } from 'node:net'
import { MantissaError } from '../base/errors.js'
import type { ServiceCondition, ServiceFailure, ServiceState } from '../offerings/node-state.js'
import type { Service } from '../offerings/services.js'
import { within } from './deadline.js'
import type { NodeServiceHost } from './node-service-host.js'
import { ListeningPort } from './ports/listening-port.js'

/** Milliseconds after which a service that has not started is left to itself, so that others can start. */
const STARTING = 30_000

/** Milliseconds after which a service that has not stopped is left to the end of the process. */
const STOPPING = 10_000

/** Milliseconds for which it is news that a service runs or does not. */
const NEWS = 10_000

/** What names a service for people, and says what is to run. */
export interface ServiceFacts {
  readonly name: string
  readonly id: number
  readonly store: string
  readonly type: string
  /** What it was started with; where that changes it is started anew. */
  readonly signature: string
}

/** One service, from its start to its stop. A failure is kept and told; it is nobody else's. */
export class RunningService {
  readonly facts: ServiceFacts
  readonly #service: Service | undefined
  #condition: ServiceCondition
  #failure: ServiceFailure | null = null
  /** When it last began to run, or failed for a reason that it did not have before; undefined once that was told. */
  #changedAt: number | undefined
  /** A start that took too long, while it goes on. */
  #late: Promise<unknown> | undefined

  /** @param service - undefined where there is nothing to run, for which `without` tells why. */
  constructor(facts: ServiceFacts, service: Service | undefined, without?: 'idle' | 'without-code') {
    this.facts = facts
    this.#service = service
    this.#condition = without ?? 'starting'
  }

  get service(): Service | undefined {
    return this.#service
  }

  get state(): ServiceState {
    const { name, id, store, type } = this.facts
    const address = this.#service instanceof ListeningPort ? textOfAddress(this.#service.address) : null
    return { name, id, store, type, condition: this.#condition, address, failure: this.#failure }
  }

  get isFailed(): boolean {
    return this.#condition === 'failed'
  }

  /**
   * Its state, where that has changed in the last seconds and nobody was told yet. A change may be followed by the node
   * itself before whoever made it has asked.
   */
  takeNews(): readonly ServiceState[] {
    const changedAt = this.#changedAt
    this.#changedAt = undefined
    return changedAt !== undefined && performance.now() - changedAt < NEWS ? [this.state] : []
  }

  /** Does not fail: see {@link RunningService.state}. */
  async start(host: NodeServiceHost): Promise<void> {
    if (this.#service === undefined || this.#late !== undefined) return
    this.#condition = 'starting'
    const starting = startOf(this.#service, host)
    try {
      await within(STARTING, starting, { code: 'SERVICE_SLOW' })
      this.#condition = 'running'
      this.#failure = null
      this.#changedAt = performance.now()
      host.log.info({ service: this.facts.name, address: this.state.address }, 'a service runs')
    } catch (error) {
      this.#fail(error, host)
      if (this.#failure?.code === 'SERVICE_SLOW') this.#leave(starting, this.#service)
    }
  }

  /** Does not fail, and does not wait for ever. */
  async stop(host: NodeServiceHost): Promise<void> {
    if (this.#service === undefined || this.#condition !== 'running') return
    this.#condition = 'stopping'
    try {
      await within(STOPPING, this.#service.stopService(), { code: 'SERVICE_LINGERS' })
      host.log.info({ service: this.facts.name }, 'a service has stopped')
    } catch (error) {
      host.log.error({ err: error, service: this.facts.name }, 'a service did not stop as it should')
    }
    this.#condition = 'idle'
  }

  /** Nobody counts on it any more: what comes of it is stopped, and only then it is tried again. */
  #leave(starting: Promise<void>, service: Service): void {
    this.#late = starting
      .then(() => service.stopService())
      .catch(() => {})
      .finally(() => {
        this.#late = undefined
      })
  }

  /** A failure that is met again and again is told once. */
  #fail(error: unknown, host: NodeServiceHost): void {
    const failure = failureOf(error)
    const isKnown = this.#failure?.code === failure.code && this.#failure.message === failure.message
    this.#condition = 'failed'
    this.#failure = failure
    if (isKnown) return
    this.#changedAt = performance.now()
    host.log.error({ err: error, service: this.facts.name }, 'a service did not start')
  }
}

async function startOf(service: Service, host: NodeServiceHost): Promise<void> {
  await service.startService(host)
}

/** What is thrown by the code of an offering may be anything. */
function failureOf(error: unknown): ServiceFailure {
  if (error instanceof MantissaError) return { code: error.code, message: error.message, hint: error.hint }
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) }
  return { code: typeof code === 'string' ? code : 'UNEXPECTED', message, hint: '' }
}

/** `127.0.0.1:8080`, `[::]:8443`, or the path of a socket. */
export function textOfAddress(address: AddressInfo | string | null | undefined): string | null {
  if (address === null || address === undefined || typeof address === 'string') return address ?? null
  return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`
}
