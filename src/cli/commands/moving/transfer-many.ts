import { PartialFailureError } from '../../../base/errors.js'
import type { UserOutcome } from '../../../transfer/batch/batch-options.js'
import type { UserSelection } from '../../../transfer/batch/select-users.js'
import { audited } from '../../audited.js'
import { InterruptedError } from '../../cli-env.js'
import { type CommandContext, note } from '../../command-context.js'
import { confirmYes } from '../../confirmation.js'
import { counted } from '../../counted.js'
import { type Progress, startProgress } from '../../progress.js'
import { BatchTally } from './batch-tally.js'
import { type MovedUser, movedUserOf, movedUserView } from './moved-user-view.js'
import type { Between } from './transfer-one.js'
import type { MoveOptions } from './transfer-user.js'

const STOPPING = 'stopping: moves under way are undone unless they are decided; give the same command again to go on'
const AGAIN = { hint: 'give the same command again: it goes on where it stopped' }

/** Moves the users of a selection, telling of each as it ends; one that cannot be moved does not stop the rest. */
export async function transferMany(
  { selection, isBulk }: { readonly selection: UserSelection; readonly isBulk: boolean },
  options: MoveOptions,
  between: Between,
): Promise<void> {
  const { source, target, context } = between
  const { assertGlobsMatch, countUsers } = await import('../../../transfer/batch/select-users.js')
  assertGlobsMatch(source, target, selection.globs ?? [])
  const { total, already } = countUsers(source, target, selection)
  if (isBulk && total > already) {
    const there = already === 0 ? '' : ` (${already} more are there already)`
    const who = counted(total - already, 'user')
    await confirmYes(context, `Move ${who} from ${source.directory} to ${target.directory}${there}?`)
  }
  const tally = new BatchTally(total)
  const { interruption } = context.env
  using _ = interruption.announce(STOPPING)
  const move = () => printMoves(selection, options, { ...between, tally })
  const summary = () => tally.summary()
  await audited(context, source, () => audited(context, target, move, summary), summary)
  const isInterrupted = interruption.signal.aborted && tally.untried + tally.stopped > 0
  // With --json an error is all that stands on standard error; its details hold the summary then.
  if (tally.failed === 0 || isInterrupted || !speaksJson(context)) await note(context, summary())
  if (isInterrupted)
    throw new InterruptedError(`stopped with ${tally.untried + tally.stopped} of ${total} users not moved`, AGAIN)
  if (tally.failed > 0) throw new UsersNotMovedError(tally)
}

function speaksJson({ options }: CommandContext): boolean {
  return options.json || options.jsonl
}

async function printMoves(
  selection: UserSelection,
  options: MoveOptions,
  { source, target, context, tally }: Between & { readonly tally: BatchTally },
): Promise<void> {
  const { transferUsers } = await import('../../../transfer/batch/transfer-users.js')
  const reading = { label: 'moving users', total: tally.total, unit: 'items' } as const
  using progress = startProgress(context, reading)
  const outcomes = transferUsers(source, selection, {
    ...options,
    to: target,
    signal: context.env.interruption.signal,
    onPlan: ({ address, warnings }) => tellWarnings(context, progress, { address, warnings }),
    onBytes: bytes => {
      tally.copied += bytes
      progress.reached(tally.done, tally.copied)
    },
  })
  const rows = rowsOf(outcomes, { source, target, context, tally, progress })
  await context.printer.list(movedUserView, rows, { empty: 'nobody to move' })
}

async function* rowsOf(
  outcomes: AsyncIterable<UserOutcome>,
  { tally, progress, ...between }: Between & { readonly tally: BatchTally; readonly progress: Progress },
): AsyncGenerator<MovedUser> {
  for await (const outcome of outcomes) {
    const row = movedUserOf(outcome, between)
    tally.count(row)
    progress.reached(tally.done, tally.copied)
    progress.hide()
    yield row
  }
}

async function tellWarnings(
  context: CommandContext,
  progress: Progress,
  plan: { readonly address: string; readonly warnings: readonly string[] },
): Promise<void> {
  if (plan.warnings.length > 0) progress.hide()
  for (const warning of plan.warnings) await note(context, `${plan.address}: ${warning}`)
}

/** Some users were not moved; the others are at the target and stay there. */
class UsersNotMovedError extends PartialFailureError {
  constructor(tally: BatchTally) {
    const untried = tally.untried > 0 ? `, and ${tally.untried} were not tried` : ''
    super(`${tally.failed} of ${tally.total} users were not moved${untried}`, {
      hint: tally.hasPending
        ? 'end what is pending with "mantissa transfer resume", then give the same command again'
        : 'each is where it was; remove the causes and give the same command again',
      details: tally.details(),
    })
  }
}
