import { join } from 'node:path'
import type { Fence } from '../../store-engine/database/write-fence.js'
import type { Fault } from './finding.js'

/** What the site says of a store. Plain data, and little of it: it is handed to other threads, for each store. */
export interface StoreUnderCheck {
  /** Path below the site's directory, `.` for the site's own. */
  readonly store: string
  /** The site's directory, absolute, all links resolved: no link may lead out of it. */
  readonly site: string
  /** The account as the site has it; null where the copy in the store is not to be compared. */
  readonly account: ExpectedAccount | null
  /** When the site will look into the store, in microseconds as text; null for never, undefined where nobody knows. */
  readonly tick?: string | null
}

/** As SQLite writes it: most copies agree to the letter, and need not be taken apart. */
export interface ExpectedAccount {
  /** JSON of `[disabled, passwordHash]`. */
  readonly account: string
  /** JSON of an array of `[localpart, domain, protocol, internal, verified]`, the oldest first. */
  readonly methods: string
}

export function directoryOf({ site, store }: Pick<StoreUnderCheck, 'site' | 'store'>): string {
  return join(site, store)
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
