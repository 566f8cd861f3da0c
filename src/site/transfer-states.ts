/** On whose side of a move a journal row stands. */
export type TransferRole = 'source' | 'target'

export type SourceState =
  | 'PLANNED'
  | 'COPYING'
  | 'SEALED'
  | 'DECIDED'
  | 'HANDED_OVER'
  | 'PURGING'
  | 'PURGED'
  | 'UNSEALED'
  | 'CLOSED'

export type TargetState =
  | 'RESERVED'
  | 'RECEIVING'
  | 'VERIFIED'
  | 'PREPARED'
  | 'ACTIVE'
  | 'CONFIRMED'
  | 'DISCARDING'
  | 'DISCARDED'
  | 'CLOSED'

export type TransferState = SourceState | TargetState

export type TransferDecision = 'commit' | 'abort'

const OPEN: Readonly<Record<TransferRole, ReadonlySet<TransferState>>> = {
  source: new Set<TransferState>(['PLANNED', 'COPYING', 'SEALED', 'DECIDED', 'UNSEALED']),
  target: new Set<TransferState>(['RESERVED', 'RECEIVING', 'VERIFIED', 'PREPARED', 'ACTIVE', 'DISCARDING']),
}

const BEFORE_THE_SEAL: ReadonlySet<TransferState> = new Set<TransferState>(['PLANNED', 'COPYING'])

/**
 * Whether the store is in a transfer on this side, so that no other may begin. `HANDED_OVER` is not: the store is
 * elsewhere, and may come back and leave again before its old directory is purged.
 */
export function isOpenState(role: TransferRole, state: TransferState): boolean {
  return OPEN[role].has(state)
}

/** Whether the account's rows may still change at the source, the commit step taking note. */
export function mayStillChange(state: TransferState): boolean {
  return BEFORE_THE_SEAL.has(state)
}
