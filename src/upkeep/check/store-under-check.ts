import type { Fence } from '../../store-engine/database/write-fence.js'
import type { Fault, Place } from './finding.js'

/** What the site says of a store. Plain data: it is handed to other threads. */
export interface StoreUnderCheck extends Place {
  /** Absolute. */
  readonly directory: string
  /** Below which no link may lead away. */
  readonly site: string
  /** The account as the site has it; null where the copy in the store is not to be compared. */
  readonly account: ExpectedAccount | null
  /** When the site will look into the store, in microseconds as text; null for never, undefined where nobody knows. */
  readonly tick?: string | null
}

export interface ExpectedAccount {
  readonly passwordHash: string | null
  readonly isDisabled: boolean
  /** JSON of `[localpart, domain, protocol, internal, verified]`, one for each method. */
  readonly methods: readonly string[]
}

export interface CheckDepth {
  /** SQLite's whole `integrity_check`, and every file below `files/`. */
  readonly full: boolean
  /** Milliseconds to wait for a store that somebody holds. */
  readonly busyTimeout?: number
}

export interface StoreReport {
  readonly faults: readonly Fault[]
  /** Unless it lets everybody write. Whether it should, only the site's journal knows. */
  readonly fence: Fence | null
}

export function hasSomething({ faults, fence }: StoreReport): boolean {
  return faults.length > 0 || fence !== null
}
