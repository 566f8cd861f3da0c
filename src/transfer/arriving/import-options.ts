import type { Readable } from 'node:stream'
import type { Address } from '../../base/address.js'
import type { StepObserver } from '../protocol/protocol.js'

export type ImportSource =
  | { readonly kind: 'archive'; readonly input: Readable }
  | { readonly kind: 'directory'; readonly directory: string }

export interface ImportOptions {
  /** The import replaces a lost original: it keeps the store's identity. */
  readonly restore?: boolean | undefined
  /** Another name for the user; the copy then has this address only. */
  readonly as?: Address | undefined
  /** Names that have moved away from this site may be taken. */
  readonly reuseNames?: boolean | undefined
  readonly verify?: 'quick' | 'full' | undefined
  readonly observe?: StepObserver | undefined
  /** Called once it is known how many bytes will arrive, and then with each part of them. */
  readonly onTotal?: ((bytes: number) => void) | undefined
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ImportResult {
  readonly transferId: string
  readonly address: string
  readonly addresses: readonly string[]
  /** Addresses of the original that a copy under another name does not have. */
  readonly leftOut: readonly string[]
  /** The offering whose application store it is; null for a person's. */
  readonly offering: string | null
  readonly storeId: string
  readonly epoch: number
  readonly incarnation: number
  /** Whether it is the same store as the one that was exported, or a copy of it. */
  readonly identity: 'kept' | 'new'
  readonly bytes: number
  readonly files: number
  readonly disabled: boolean
  readonly warnings: readonly string[]
}
