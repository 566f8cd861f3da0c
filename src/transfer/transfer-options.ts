import type { PlanOptions, TransferPlan } from './plan-transfer.js'
import type { StepObserver } from './protocol/protocol.js'

export interface TransferOptions extends PlanOptions {
  /** Called with the plan when nothing has begun yet; throwing leaves everything as it is. */
  readonly onPlan?: ((plan: TransferPlan) => void | Promise<void>) | undefined
  /** `full` also runs SQLite's whole integrity check on the copy. */
  readonly verify?: 'quick' | 'full' | undefined
  /** How long the move may stand still while its user cannot write, until others may end it; 30 s. */
  readonly freezeLimitMs?: number | undefined
  readonly observe?: StepObserver | undefined
  /** Bytes copied or hashed since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined
  /** Aborting it before the commit point rolls the move back; later it changes nothing. */
  readonly signal?: AbortSignal | undefined
}

export interface TransferResult {
  readonly transferId: string
  readonly address: string
  readonly addresses: readonly string[]
  /** The offering whose application store it is; null for a person's. */
  readonly offering: string | null
  readonly storeId: string
  /** Of the store at the target. */
  readonly epoch: number
  readonly from: string
  readonly to: string
  readonly bytes: number
  readonly files: number
  /** Images of the database that were needed; 2 where the user wrote meanwhile. */
  readonly images: number
  /** How long writes were refused. */
  readonly freezeMs: number
  readonly durationMs: number
  /** This process stood still for so long that others have completed its move, wholly or in part. */
  readonly completedByOthers: boolean
  /** Where the old directory is kept. */
  readonly quarantine: string
  readonly warnings: readonly string[]
}
