import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { offeringListView } from './offering-view.js'

export interface OfferingListOptions {
  /** Leaves out what could be installed. */
  readonly installed?: boolean
}

export function offeringListCommand(group: Command, env: CliEnv, run = runOfferingList): Command {
  return group
    .command('list')
    .summary('what is installed, and what could be')
    .description('List the offerings that are installed on the site, and those that could be. Runs none of their code.')
    .option('--installed', 'only what is installed')
    .addHelpText('after', examples('offering list', 'offering list --installed --json'))
    .action((flags: OfferingListOptions, command: Command) => run(flags, contextFor(env, command)))
}

export async function runOfferingList(options: OfferingListOptions, context: CommandContext): Promise<void> {
  const { listOfferings } = await import('../../../offerings/list-offerings.js')
  using site = await openSiteFor(context, { write: false })
  const wanted = listOfferings(site).filter(each => options.installed !== true || each.status === 'installed')
  await context.printer.list(offeringListView, wanted, { empty: 'no offerings' })
}
