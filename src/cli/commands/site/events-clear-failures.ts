import type { Command } from 'commander'
import { parseDuration } from '../../../base/duration-size.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { counted } from '../../counted.js'
import { statusIn } from '../../deed-status.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { startProgress } from '../../progress.js'
import { changing } from '../../verb-kinds.js'
import { type ClearedFailures, clearedFailuresView } from './cleared-failures-view.js'

export interface ClearFailuresOptions {
  readonly user?: string
  /** Milliseconds. */
  readonly olderThan?: number
}

export function eventsClearFailuresCommand(group: Command, env: CliEnv, run = runClearFailures): Command {
  return changing(group.command('clear-failures'))
    .summary('remove recorded failures, which otherwise stay for ever')
    .option('--user <address>', 'only in the store of this account')
    .option('--older-than <duration>', 'only failures so long ago', parseDuration)
    .addHelpText(
      'after',
      remarks('Events that wait to be tried again are not touched; neither is how often they have failed.'),
    )
    .addHelpText('after', examples('events clear-failures --dry-run', 'events clear-failures --older-than 30d'))
    .action((flags: ClearFailuresOptions, command: Command) => run(flags, contextFor(env, command)))
}

/** Removes failure logs from all stores or one. @throws StoresSkippedError where some stores could not be written. */
export async function runClearFailures(options: ClearFailuresOptions, context: CommandContext): Promise<void> {
  const { Timestamp } = await import('../../../store-engine/attributes/timestamp.js')
  const { clearFailures } = await import('../../../upkeep/clear-failures.js')
  const { SkippedStores } = await import('./skipped-stores.js')
  const { getAccount } = await import('../users/given-account.js')
  using site = await openSiteFor(context, { write: true })
  const now = Timestamp.fromMicroseconds(context.env.clock())
  const account = options.user === undefined ? undefined : getAccount(site, options.user)
  const before = options.olderThan === undefined ? undefined : now.plus(-options.olderThan)
  const skipped = new SkippedStores(context)
  const found = clearFailures(site, { account, before, dryRun: context.options.dryRun })
  const cleared = await audited(context, site, () => sum(skipped.passOver(found), context), statusOf)
  const row = { ...cleared, status: statusIn(context, statusOf(cleared)) }
  await context.printer.outcome(clearedFailuresView, row, sentenceOf(row))
  skipped.throwSome()
}

type Sum = Pick<ClearedFailures, 'failures' | 'stores'>

async function sum(counts: AsyncIterable<number>, context: CommandContext): Promise<Sum> {
  using progress = startProgress(context, { label: 'looking into stores', unit: 'items' })
  let [failures, stores, seen] = [0, 0, 0]
  for await (const count of counts) {
    failures += count
    stores += count > 0 ? 1 : 0
    seen += 1
    progress.reached(seen)
  }
  return { failures, stores }
}

function statusOf({ failures }: Sum): 'done' | 'already' {
  return failures > 0 ? 'done' : 'already'
}

function sentenceOf({ status, failures, stores }: ClearedFailures): string {
  if (status === 'already') return 'already no failures'
  const deed = status === 'planned' ? 'would remove' : 'removed'
  return `${deed} ${counted(failures, 'failure')} from ${counted(stores, 'store')}`
}
