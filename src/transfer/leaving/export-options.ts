import type { Writable } from 'node:stream'
import type { Site } from '../../site/site.js'
import type { UserStoreFacts } from '../copying/describe-store.js'
import type { StepObserver } from '../protocol/protocol.js'

/** Where an export goes. */
export type ExportDestination =
  | { readonly kind: 'archive'; readonly file: string }
  | { readonly kind: 'stream'; readonly output: Writable }
  /** `<directory>/<localpart>@<domain>.axiom` is made. */
  | { readonly kind: 'directory'; readonly directory: string }

export interface ExportOptions {
  readonly to: ExportDestination
  /** The user leaves the site with the export. */
  readonly remove?: boolean | undefined
  /**
   * With `remove`, to an archive: nothing else is kept. The archive is read back before the user leaves, and the old
   * directory is deleted once they have.
   */
  readonly deletesOldStore?: boolean | undefined
  readonly assumeStopped?: boolean | undefined
  readonly verify?: 'quick' | 'full' | undefined
  /** With `remove`: how long it may stand still while the user cannot write, until others may end it; 30 s. */
  readonly freezeLimitMs?: number | undefined
  readonly observe?: StepObserver | undefined
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ExportResult {
  readonly address: string
  readonly addresses: readonly string[]
  /** The offering whose application store it is; null for a person's. */
  readonly offering: string | null
  /** The file or directory that was made; null for a stream. */
  readonly path: string | null
  readonly format: 'archive' | 'directory'
  readonly storeId: string
  readonly epoch: number
  /** Before compression. */
  readonly bytes: number
  readonly files: number
  readonly removed: boolean
  readonly transferId: string | null
  /** Where the old directory is kept; null where the user stayed, or nothing else was to be kept. */
  readonly quarantine: string | null
  readonly freezeMs: number
  readonly warnings: readonly string[]
}

export interface ExportJob {
  readonly site: Site
  readonly facts: UserStoreFacts
  readonly options: ExportOptions
  readonly staging: string
  readonly id: string
}
