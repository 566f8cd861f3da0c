/**
 * Ending the moves whose coordinator is gone.
 *
 * Runs when a site is opened for writing and has unfinished moves, and by `transfer resume`. What was not decided is
 * undone; what was decided is completed; where the other site cannot be reached, everything is done that one side may do
 * alone, and the move waits.
 *
 * A move whose lock is held is left alone: its coordinator lives, in this process or another. Unless it stands still
 * beyond the freeze limit while its user cannot write: then it is ended all the same. Whoever holds the lock finds that
 * out when it wakes up, since no step of it fits any more.
 */
import { existsSync } from 'node:fs'
import { BusyError } from '../../base/errors.js'
import { isSuspectedCopy } from '../../site/identity.js'
import { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import {
  changeTransfer,
  findTransfer,
  getTransfer,
  isUnfinished,
  listUnfinishedTransfers,
} from '../../site/transfers-journal.js'
import { siteIdOf } from '../places.js'
import { abort } from '../steps/seal-and-decide.js'
import { stallOf } from './coordinator-life.js'
import { Heartbeat } from './heartbeat.js'
import { type Move, takeStep, UNOBSERVED } from './move.js'
import { lockMove } from './move-lock.js'
import type { StepObserver } from './protocol.js'
import { settle } from './settle.js'
import { textOf } from './undo.js'

/**
 * How a recovery ended. `running`: somebody is at it. `stalled`: its process stands still, but keeps nobody from
 * writing. `waiting`: the other site cannot be reached.
 */
export type RecoveryOutcome = 'finished' | 'waiting' | 'running' | 'stalled' | 'failed'

export interface RecoveredTransfer {
  readonly id: string
  readonly address: string
  readonly outcome: RecoveryOutcome
  /** What holds now: `moved`, `stayed`, or the state in which it waits. */
  readonly state: string
  readonly decision: 'commit' | 'abort' | null
  /** Its process stood still beyond the freeze limit, and others have gone on without it. */
  readonly overtaken: boolean
  /** Why it waits or failed; null otherwise. */
  readonly reason: string | null
}

export interface RecoverOptions {
  readonly observe?: StepObserver | undefined
}

/** Whether {@link recoverTransfers} has anything to look at; one cheap query. */
export function hasUnfinishedTransfers(site: Site): boolean {
  return listUnfinishedTransfers(site).length > 0
}

/** Ends what can be ended. Never throws for one transfer that cannot: its row notes why. */
export async function recoverTransfers(
  site: Site,
  options: RecoverOptions = {},
): Promise<readonly RecoveredTransfer[]> {
  const recovered: RecoveredTransfer[] = []
  for (const row of listUnfinishedTransfers(site)) recovered.push(await recoverOne(site, row, options))
  return recovered
}

/** Ends one transfer; `finished` also when there was nothing left to do. */
export async function resumeTransfer(site: Site, id: string, options: RecoverOptions = {}): Promise<RecoveredTransfer> {
  return recoverOne(site, getTransfer(site, id), options)
}

/** A move as one of its sites sees it; `other` is undefined where it cannot be reached. */
export function moveOf(site: Site, row: TransferRow, other: Site | undefined, observe = UNOBSERVED): Move {
  const sites = row.role === 'source' ? { source: site, target: other } : { source: other, target: site }
  return { id: row.id, ...sites, observe }
}

async function recoverOne(site: Site, row: TransferRow, options: RecoverOptions): Promise<RecoveredTransfer> {
  if (isSuspectedCopy(site)) return report(site, row, 'waiting', `${site.directory} may be a copy of another site`)
  using other = openOtherSite(site, row)
  const known = moveOf(site, row, other?.site, options.observe)
  using heartbeat = known.source && new Heartbeat(known.source, row.id, 0)
  const move: Move = { ...known, heartbeat }
  using lock = lockMove(move)
  try {
    if (lock !== undefined) return await settleAndReport(site, row, move)
    const stall = stallOf(move)
    if (stall === undefined) return report(site, row, 'running', 'its process is still at work')
    if (!stall.holdsUserUp) return report(site, row, 'stalled', `${stall.text}: mantissa transfer abort ${row.id}`)
    if (stall.isUndecided) await takeStep(move, 'abort', () => void abort(move, stall.text))
    return { ...(await settleAndReport(site, row, move)), overtaken: true }
  } catch (error) {
    noteError(site, row.id, textOf(error))
    return report(site, row, 'failed', textOf(error))
  }
}

/** Takes all steps that are left and can be taken now; whoever calls holds the lock, or needs none. */
export async function settleAndReport(site: Site, row: TransferRow, move: Move): Promise<RecoveredTransfer> {
  const settled = await settle(move, { source: hasSource(row), target: hasTarget(row) })
  return settled === 'finished' ? report(site, row, 'finished', null) : report(site, row, 'waiting', waitsFor(row))
}

/** Not on one that somebody else has ended meanwhile; a journal that is held by somebody goes without. */
function noteError(site: Site, id: string, error: string): void {
  try {
    site.store.transact(() => {
      if (isUnfinished(site, id)) changeTransfer(site, id, { error })
    })
  } catch (second) {
    if (!(second instanceof BusyError)) throw second
  }
}

function hasSource(row: TransferRow): boolean {
  return row.role === 'source' || row.fromPath !== null
}

function hasTarget(row: TransferRow): boolean {
  return row.role === 'target' || row.toPath !== null
}

function waitsFor(row: TransferRow): string {
  return `${row.role === 'source' ? row.toPath : row.fromPath} cannot be reached, or does not know the transfer`
}

interface OpenedSite extends Disposable {
  readonly site: Site
}

/** The other site of a move; undefined where there is none, it cannot be opened, or another site lies there now. */
export function openOtherSite(site: Site, row: TransferRow): OpenedSite | undefined {
  const path = row.role === 'source' ? row.toPath : row.fromPath
  if (path === null || !existsSync(path)) return undefined
  try {
    const other = Site.open(path, { recover: false, clock: site.clock })
    if (siteIdOf(other) === row.otherSiteId && !isSuspectedCopy(other))
      return { site: other, [Symbol.dispose]: () => other.close() }
    other.close()
  } catch {
    // Unreachable for whatever reason: the transfer waits, and says for which site.
  }
  return undefined
}

function report(site: Site, row: TransferRow, outcome: RecoveryOutcome, reason: string | null): RecoveredTransfer {
  const { id, address, state, decision } = findTransfer(site, row.id) ?? row
  return { id, address, outcome, state, decision, overtaken: false, reason }
}
