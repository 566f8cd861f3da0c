import { formatSize } from '../../../base/duration-size.js'
import { PartialFailureError } from '../../../base/errors.js'
import type { PlanOutcome } from '../../../transfer/batch/batch-options.js'
import type { UserSelection } from '../../../transfer/batch/select-users.js'
import { note } from '../../command-context.js'
import { type PlannedUser, plannedUserOf, plannedUserView } from './planned-user-view.js'
import type { Between } from './transfer-one.js'
import type { MoveOptions } from './transfer-user.js'

interface PlanTally {
  readonly count: Record<PlannedUser['status'], number>
  bytes: number
}

/** Prints what moving the users of a selection would mean, and which cannot be moved; changes nothing. */
export async function planMany(selection: UserSelection, options: MoveOptions, between: Between): Promise<void> {
  const { source, target, context } = between
  const { assertGlobsMatch } = await import('../../../transfer/batch/select-users.js')
  const { planUsers } = await import('../../../transfer/batch/plan-users.js')
  assertGlobsMatch(source, target, selection.globs ?? [])
  const tally: PlanTally = { count: { planned: 0, already: 0, failed: 0 }, bytes: 0 }
  const rows = rowsOf(planUsers(source, selection, { ...options, to: target }), between, tally)
  await context.printer.list(plannedUserView, rows, { empty: 'nobody to move' })
  const { planned, already, failed } = tally.count
  const { json, jsonl } = context.options
  if (failed === 0 || !(json || jsonl)) await tellSum(tally, between)
  if (failed === 0) return
  throw new PartialFailureError(`${failed} of ${planned + already + failed} users cannot be moved`, {
    hint: 'remove the causes that the report names; nothing was changed',
    details: { planned, already, failures: failed, bytes: tally.bytes },
  })
}

async function tellSum({ count, bytes }: PlanTally, { target, context }: Between): Promise<void> {
  const { freeBytes } = await import('../../../transfer/plan-transfer.js')
  const { planned, already, failed } = count
  await note(context, `would move ${planned} (${formatSize(bytes)}), already there ${already}, cannot move ${failed}`)
  const free = freeBytes(target.directory)
  if (bytes > free)
    await note(context, `${target.directory} has ${formatSize(free)} free: there is no room for all of them`)
}

async function* rowsOf(
  outcomes: AsyncIterable<PlanOutcome>,
  between: Between,
  tally: PlanTally,
): AsyncGenerator<PlannedUser> {
  for await (const outcome of outcomes) {
    const row = plannedUserOf(outcome, between)
    tally.count[row.status] += 1
    tally.bytes += (row.plan?.databaseBytes ?? 0) + (row.plan?.fileBytes ?? 0)
    yield row
  }
}
