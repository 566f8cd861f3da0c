import type { Site } from '../../site/site.js'
import type { TransferPlan } from '../plan-transfer.js'
import type { TransferOptions, TransferResult } from '../transfer-options.js'

export interface BatchOptions extends TransferOptions {
  readonly to: Site
  /** How many moves go on at a time; 1 unless told. */
  readonly maxParallel?: number | undefined
  /** After so many failures nobody else is begun with; unless told, everybody is tried. */
  readonly maxFailures?: number | undefined
}

/** How it ended for one user. */
export type UserOutcome =
  | { readonly status: 'moved'; readonly address: string; readonly result: TransferResult }
  /** Was at the target before. */
  | { readonly status: 'already'; readonly address: string }
  /** Is where they were, unless the error is that of a pending transfer. */
  | { readonly status: 'failed'; readonly address: string; readonly error: unknown }
  /** Is where they were: the signal was aborted before it was decided. */
  | { readonly status: 'stopped'; readonly address: string; readonly error: unknown }

/** What would happen to one user. */
export type PlanOutcome =
  | { readonly status: 'planned'; readonly address: string; readonly plan: TransferPlan }
  | Extract<UserOutcome, { readonly status: 'already' | 'failed' }>
