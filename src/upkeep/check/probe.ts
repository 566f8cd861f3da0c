import type { Connection } from '../../store-engine/database/connection.js'
import type { Fault } from './finding.js'

/**
 * One question to a store, in two parts: a condition that is false in a sound store and cheap to ask together with many
 * others, and what is to be told where it is true.
 */
export interface Probe {
  /** SQL of one value; not zero where something is wrong. */
  readonly condition: string
  /** Probes that share it are looked at once. */
  look(connection: Connection): readonly Fault[]
}
