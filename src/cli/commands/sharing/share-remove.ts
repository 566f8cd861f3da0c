import type { Command } from 'commander'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { confirmYes } from '../../confirmation.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type ChangedShare, changedShareView } from './share-view.js'

export interface ShareRemoveOptions {
  readonly store: string
  readonly id: string
  readonly from?: string
}

export function shareRemoveCommand(group: Command, env: CliEnv, run = runShareRemove): Command {
  return changing(group.command('remove'))
    .summary('show an item no longer')
    .description('End a share. The item itself stays.')
    .argument('<store>', 'of which user (localpart@domain) or offering')
    .argument('<id>', 'the ID, as mantissa share list prints it')
    .option('--from <role>', 'only for this role; without it, for all')
    .addHelpText(
      'after',
      examples(
        'share remove alice@example.com diary --yes',
        'share remove alice@example.com diary --from zoe@example.com --dry-run',
      ),
    )
    .action((store: string, id: string, flags: { from?: string }, command: Command) =>
      run({ store, id, ...flags }, contextFor(env, command)),
    )
}

/** Ends the shares of an ID; asks y/N first. */
export async function runShareRemove(options: ShareRemoveOptions, context: CommandContext): Promise<void> {
  const { endShares, getShares } = await import('./end-shares.js')
  const { openSharingStore } = await import('./sharing-store.js')
  using site = await openSiteFor(context, { write: true })
  const place = openSharingStore(site, options.store)
  const { role, shareID } = getShares(place, options)
  const what = `${JSON.stringify(shareID)} of ${place.address}`
  const whom = role ?? 'anybody'
  await confirmYes(context, `share ${what} with ${whom} no longer?`)
  const { dryRun } = context.options
  const deed = (): ChangedShare => endShares(place, options, dryRun)
  const removed = dryRun ? deed() : await audited(context, site, deed)
  await context.printer.outcome(
    changedShareView,
    removed,
    dryRun ? `would share ${what} with ${whom} no longer` : `${what} is not shared with ${whom} any more`,
  )
}
