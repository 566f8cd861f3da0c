/**
 * Whether the process that coordinates a transfer works, stands still, or is gone.
 *
 * It is gone when nobody holds its lock, which dies with it. It stands still when the lock is held and the heartbeat in
 * the source's journal is older than the freeze limit of the transfer: the process was stopped, or waits for something
 * that does not come. While a user is frozen for that, nobody need wait for it; every step is a compare-and-set, so it
 * does no harm when it wakes up.
 */
import { existsSync } from 'node:fs'
import { formatDuration } from '../../base/duration-size.js'
import { bootId, monotonicMilliseconds } from '../../base/this-process.js'
import { isLockHeld } from '../../site/locks.js'
import type { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { mayStillChange } from '../../site/transfer-states.js'
import { findTransfer } from '../../site/transfers-journal.js'
import { readFence } from '../../store-engine/database/write-fence.js'
import { openCarried } from '../copying/open-carried.js'
import { plannedDirectory } from '../places.js'
import type { Move } from './move.js'

/** How long a move may stand still while its user cannot write, unless it was begun with another limit. */
export const FREEZE_LIMIT_MS = 30_000

/** The name of the lock that a transfer's coordinator holds in each of its sites. */
export function lockNameOf(id: string): string {
  return `transfer-${id}`
}

export type Life = 'lives' | 'stalled' | 'gone'

export interface CoordinatorLife {
  readonly life: Life
  /** Milliseconds since its last sign of progress; null where there is none, or of another boot of the machine. */
  readonly silentMs: number | null
  readonly pid: number | null
}

/** @param row - of the site; only that of a source has a heartbeat, so the process of an import lives or is gone. */
export function lifeOfCoordinator(site: Site, row: TransferRow): CoordinatorLife {
  const { silentMs, pid } = silenceOf(row)
  if (!isLockHeld(site.directory, lockNameOf(row.id))) return { life: 'gone', silentMs, pid }
  return { life: isSilentForTooLong(row) ? 'stalled' : 'lives', silentMs, pid }
}

/** Whether a held lock is all that there is of a transfer's coordinator. */
export function isSilentForTooLong(row: TransferRow): boolean {
  if (row.heartbeat === null) return false
  const { silentMs } = silenceOf(row)
  return silentMs === null || silentMs > freezeLimitOf(row)
}

export function freezeLimitOf({ plan }: TransferRow): number {
  const limit = plan['freezeLimitMs']
  return typeof limit === 'number' ? limit : FREEZE_LIMIT_MS
}

export interface Stall {
  /** Whether a user cannot write because of it. */
  readonly holdsUserUp: boolean
  readonly isUndecided: boolean
  /** For the journal, and for people. */
  readonly text: string
}

/** How a move stands still whose lock is held; undefined where it does not, or where its source cannot tell. */
export function stallOf({ id, source }: Move): Stall | undefined {
  const row = source && findTransfer(source, id)
  if (source === undefined || row === undefined || !isSilentForTooLong(row)) return undefined
  const { silentMs, pid } = silenceOf(row)
  const since = silentMs === null ? 'since another boot of the machine' : `for ${formatDuration(silentMs)}`
  const text = `its process${pid === null ? '' : ` ${pid}`} stands still ${since}`
  return { holdsUserUp: holdsUserUp(source, row), isUndecided: row.decision === null, text }
}

/** @param row - of the source. Whether its user cannot write now, or not without this transfer's end. */
function holdsUserUp(source: Site, row: TransferRow): boolean {
  return row.decision !== null || !mayStillChange(row.state) || (row.state === 'COPYING' && isSealed(source, row))
}

/** The store is sealed a moment before the journal says so. */
function isSealed(source: Site, row: TransferRow): boolean {
  const directory = plannedDirectory(source, row)
  if (!existsSync(directory)) return false
  using store = openCarried(directory, { readonly: true })
  const fence = readFence(store)
  return fence?.state === 'sealed' && fence.transferId === row.id
}

function silenceOf({ heartbeat }: TransferRow): Pick<CoordinatorLife, 'silentMs' | 'pid'> {
  const pid = typeof heartbeat?.['pid'] === 'number' ? heartbeat['pid'] : null
  const at = heartbeat?.['monotonicMs']
  if (typeof at !== 'number' || heartbeat?.['bootId'] !== bootId()) return { silentMs: null, pid }
  return { silentMs: Math.max(0, monotonicMilliseconds() - at), pid }
}
