/**
 * What an administrator wants to know of a transfer and no one row says: whether its process works, whether its user
 * can write, what comes next, and what command ends it. Reads both journals where the other site can be read, and
 * changes nothing.
 */
import { MantissaError } from '../../base/errors.js'
import { Site } from '../../site/site.js'
import type { TransferRow } from '../../site/transfer-row.js'
import { mayStillChange } from '../../site/transfer-states.js'
import { findTransfer, isUnfinished } from '../../site/transfers-journal.js'
import { type Life, lifeOfCoordinator } from './coordinator-life.js'
import { freezeMsOf } from './freeze.js'
import { type NextSteps, nextSteps, type SideView } from './next-steps.js'
import { FORWARD, PROTOCOL, type StepName, type StepOfProtocol } from './protocol.js'

/** `moved`: found whole at the target. `stayed`: where they were. `left`: with an export. */
export type UserState = 'writes' | 'frozen' | 'moved' | 'left' | 'stayed'

export interface TransferReport {
  readonly row: TransferRow
  /** Null where nothing is left to do. */
  readonly life: Life | null
  /** Milliseconds since the process has last shown that it works. */
  readonly silentMs: number | null
  readonly pid: number | null
  /** Null where neither journal tells. */
  readonly user: UserState | null
  /** How long writes were refused; null while they are, or where nobody measured it. */
  readonly freezeMs: number | null
  readonly next: StepName | null
  readonly does: string | null
  /** What a person may run; null where there is nothing to do but to wait, or nothing at all. */
  readonly command: string | null
}

export function reportOn(site: Site, row: TransferRow): TransferReport {
  return isUnfinished(site, row.id) ? reportOnOpen(site, row) : reportOnEnded(row)
}

function reportOnEnded(row: TransferRow): TransferReport {
  const isKept = row.role === 'source' && row.state === 'HANDED_OVER'
  const [source, target] = row.role === 'source' ? [row, undefined] : [undefined, row]
  const process = { life: null, silentMs: null, pid: null }
  const next = { ...stepped(isKept ? 'purge' : null), command: isKept ? `mantissa transfer purge ${row.id}` : null }
  return { row, ...process, user: userOf(row, source, target), freezeMs: freezeMsOf(row), ...next }
}

function reportOnOpen(site: Site, row: TransferRow): TransferReport {
  const other = otherRow(row)
  const [source, target] = row.role === 'source' ? [row, other] : [other, row]
  const process = lifeOfCoordinator(site, { ...row, heartbeat: source?.heartbeat ?? null, plan: source?.plan ?? {} })
  const { life } = process
  const next = stepped(nextOf(viewsOf(row, source, target), life))
  const freezeMs = source === undefined ? null : freezeMsOf(source)
  return {
    row,
    ...process,
    user: userOf(row, source, target),
    freezeMs,
    ...next,
    command: commandFor(row, life, source),
  }
}

function stepped(next: StepName | null): Pick<TransferReport, 'next' | 'does'> {
  return { next, does: next === null ? null : stepOf(next).does }
}

function otherRow({ id, role, fromPath, toPath }: TransferRow): TransferRow | undefined {
  const path = role === 'source' ? toPath : fromPath
  if (path === null) return undefined
  try {
    using other = Site.open(path, { readonly: true })
    return findTransfer(other, id)
  } catch (error) {
    if (error instanceof MantissaError) return undefined
    throw error
  }
}

function viewsOf(row: TransferRow, source: TransferRow | undefined, target: TransferRow | undefined) {
  const hasSource = row.role === 'source' || row.fromPath !== null
  const hasTarget = (row.role === 'target' || row.toPath !== null) && source?.decision !== 'abort'
  return { source: viewOf(source, hasSource), target: viewOf(target, hasTarget) }
}

function viewOf(row: TransferRow | undefined, isExpected: boolean): SideView {
  if (row === undefined) return isExpected ? 'unreachable' : 'none'
  return { state: row.state, decision: row.decision, isConfirmed: row.confirmed !== null }
}

/** What a recovery would do; while its process works and nothing is decided, what that is about to do. */
function nextOf(views: { readonly source: SideView; readonly target: SideView }, life: Life): StepName | null {
  const { source } = views
  const isUndecided = typeof source !== 'string' && source.decision === null
  if (isUndecided && life === 'lives') return FORWARD.find(step => begins(stepOf(step), views)) ?? null
  const steps: NextSteps = nextSteps(views)
  return steps === 'wait' ? null : (steps[0] ?? null)
}

function begins(step: StepOfProtocol, views: { readonly source: SideView; readonly target: SideView }): boolean {
  const view = views[step.side]
  return step.from.includes(typeof view === 'string' ? null : view.state)
}

function stepOf(name: StepName): StepOfProtocol {
  return PROTOCOL.find(step => step.name === name) ?? PROTOCOL[0]
}

function userOf(row: TransferRow, source: TransferRow | undefined, target: TransferRow | undefined): UserState | null {
  if (target !== undefined && (target.state === 'CONFIRMED' || target.state === 'CLOSED')) return 'moved'
  if (target?.state === 'DISCARDED' || target?.state === 'DISCARDING') return 'stayed'
  if (source === undefined) return row.fromPath === null || target?.state !== 'PREPARED' ? null : 'frozen'
  if (source.state === 'UNSEALED' || source.state === 'CLOSED') return 'stayed'
  if (source.toPath === null && source.state === 'HANDED_OVER') return 'left'
  if (source.state === 'PURGING' || source.state === 'PURGED' || source.confirmed !== null)
    return source.toPath === null ? 'left' : 'moved'
  return mayStillChange(source.state) ? 'writes' : 'frozen'
}

function commandFor({ id }: TransferRow, life: Life, source: TransferRow | undefined): string | null {
  const isUndecided = source !== undefined && source.decision === null
  if (life === 'lives') return isUndecided ? `mantissa transfer abort ${id}` : null
  const isFrozen = source !== undefined && !mayStillChange(source.state)
  return `mantissa transfer ${life === 'stalled' && isUndecided && !isFrozen ? 'abort' : 'resume'} ${id}`
}
