import type { ServiceFailure } from '../../../offerings/node-state.js'
import type { DescribedPort } from '../../../offerings/ports/describe-ports.js'
import type { DeedStatus } from '../../deed-status.js'
import type { View } from '../../view.js'

/** What `port create` has made. */
export interface CreatedPort {
  readonly status: DeedStatus
  readonly endpoint: string
  /** Null in a dry run. */
  readonly storeID: number | null
  readonly factory: number
  readonly factoryType: string | null
  /** Where the running node listens now; null where none runs, or it does not listen. */
  readonly listening: string | null
  /** Why the running node does not. */
  readonly failure: ServiceFailure | null
}

export const createdPortView: View<CreatedPort> = {
  status: { title: 'status', value: row => row.status },
  port: { title: 'port', value: row => row.storeID },
  endpoint: { title: 'endpoint', value: row => row.endpoint },
  factory: { title: 'factory', value: row => row.factory },
  factoryType: { title: 'type of the factory', value: row => row.factoryType },
  listening: { title: 'listening', value: row => row.listening },
  failure: { title: 'failure', value: row => row.failure, text: row => row.failure?.message ?? '' },
}

/** What `port delete` has removed. */
export interface DeletedPorts {
  readonly status: DeedStatus
  readonly ports: readonly DescribedPort[]
}

export const deletedPortsView: View<DeletedPorts> = {
  status: { title: 'status', value: row => row.status },
  ports: { title: 'ports', value: row => row.ports.map(each => each.storeID) },
  endpoints: { title: 'endpoints', value: row => row.ports.map(each => each.endpoint) },
}
