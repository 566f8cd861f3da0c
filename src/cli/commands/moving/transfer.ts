import type { Command } from 'commander'
import type { RecoveredTransfer } from '../../../transfer/protocol/recover-transfers.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { transferPurgeCommand } from './transfer-purge.js'
import { recoveredTransferView, transferListView, transferView } from './transfer-view.js'

/** The verbs on the journal of moves. */
export function transferCommand(program: Command, env: CliEnv): Command {
  const group = program.command('transfer').summary('the journal of moves: look at them, end them, undo them')
  group
    .command('list')
    .summary('list moves, exports and imports, the oldest first')
    .option('--open', 'only those that are not finished')
    .addHelpText(
      'after',
      remarks(
        'A state says whether its process is gone or stalled, and (!) that it has met an error; "transfer show" says more.',
      ),
    )
    .addHelpText('after', examples('transfer list', 'transfer list --open --json'))
    .action((flags: { readonly open?: boolean }, command: Command) => runList(flags, contextFor(env, command)))
  group
    .command('show')
    .summary('everything the journal says of one')
    .argument('<id>', 'id of the transfer')
    .addHelpText('after', examples('transfer show $(mantissa transfer list | cut -f1)'))
    .action((id: string, _flags: unknown, command: Command) => runShow(id, contextFor(env, command)))
  changing(group.command('resume'))
    .summary('end what a process has left: complete what is decided, undo the rest')
    .argument('[id]', 'id of the transfer; without it, all that are not finished')
    .addHelpText('after', remarks('Any verb that writes a site does this as it opens it; resuming twice is harmless.'))
    .addHelpText('after', examples('transfer resume', 'transfer resume $(mantissa transfer list | cut -f1)'))
    .action((id: string | undefined, _flags: unknown, command: Command) => runResume(id, contextFor(env, command)))
  changing(group.command('abort'))
    .summary('decide that the user stays, where nothing is decided yet')
    .argument('<id>', 'id of the transfer')
    .addHelpText('after', examples('transfer list --open | cut -f1 | xargs -r -n1 mantissa transfer abort --dry-run'))
    .action((id: string, _flags: unknown, command: Command) => runAbort(id, contextFor(env, command)))
  transferPurgeCommand(group, env)
  return group
}

export async function runList(options: { readonly open?: boolean }, context: CommandContext): Promise<void> {
  const { everyTransfer, listUnfinishedTransfers } = await import('../../../site/transfers-journal.js')
  using site = await openSiteFor(context, { write: false })
  const { reportOn } = await import('../../../transfer/protocol/transfer-report.js')
  const rows = options.open ? listUnfinishedTransfers(site) : everyTransfer(site)
  const reports = (function* () {
    for (const row of rows) yield reportOn(site, row)
  })()
  await context.printer.list(transferListView, reports, { empty: options.open ? 'no open transfers' : 'no transfers' })
}

export async function runShow(id: string, context: CommandContext): Promise<void> {
  const { getTransfer } = await import('../../../site/transfers-journal.js')
  using site = await openSiteFor(context, { write: false })
  const { reportOn } = await import('../../../transfer/protocol/transfer-report.js')
  await context.printer.record(transferView, reportOn(site, getTransfer(site, id)))
}

/** Ends one transfer or all. In a dry run it only tells which. */
export async function runResume(id: string | undefined, context: CommandContext): Promise<void> {
  const { listUnfinishedTransfers, getTransfer } = await import('../../../site/transfers-journal.js')
  const { resumeTransfer } = await import('../../../transfer/protocol/recover-transfers.js')
  using site = await openSiteFor(context, { write: true, leaveTransfers: true })
  const { reportOn } = await import('../../../transfer/protocol/transfer-report.js')
  const rows = id === undefined ? listUnfinishedTransfers(site) : [getTransfer(site, id)]
  if (context.options.dryRun) {
    const reports = rows.map(row => reportOn(site, row))
    return await context.printer.list(transferListView, reports, { empty: 'no open transfers' })
  }
  const ended: RecoveredTransfer[] = []
  for (const row of rows)
    ended.push(
      await audited(
        context,
        site,
        () => resumeTransfer(site, row.id),
        ({ outcome }) => outcome,
      ),
    )
  await context.printer.list(recoveredTransferView, ended, { empty: 'no open transfers' })
  await throwUnfinished(ended)
}

export async function runAbort(id: string, context: CommandContext): Promise<void> {
  const { abortTransfer, assertAbortable } = await import('../../../transfer/protocol/abort-transfer.js')
  using site = await openSiteFor(context, { write: true, leaveTransfers: true })
  const { reportOn } = await import('../../../transfer/protocol/transfer-report.js')
  if (context.options.dryRun)
    return await context.printer.record(transferView, reportOn(site, assertAbortable(site, id)))
  const ended = await audited(
    context,
    site,
    () => abortTransfer(site, id),
    ({ outcome }) => outcome,
  )
  await context.printer.outcome(recoveredTransferView, ended, `${ended.address} stays where they are`)
  await throwUnfinished([ended])
}

async function throwUnfinished(ended: readonly RecoveredTransfer[]): Promise<void> {
  const unfinished = ended.find(({ outcome }) => outcome !== 'finished')
  if (unfinished === undefined) return
  const { TransferPendingError } = await import('../../../transfer/transfer-errors.js')
  throw new TransferPendingError(unfinished.id, unfinished.reason ?? unfinished.outcome)
}
