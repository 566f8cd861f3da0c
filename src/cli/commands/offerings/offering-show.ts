import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { offeringView } from './offering-view.js'

export interface OfferingShowOptions {
  readonly offering: string
}

export function offeringShowCommand(group: Command, env: CliEnv, run = runOfferingShow): Command {
  return group
    .command('show')
    .summary('everything about one offering')
    .argument('<offering>', 'its name')
    .addHelpText('after', examples('offering show notes', 'offering show notes --json'))
    .action((offering: string, _flags: unknown, command: Command) => run({ offering }, contextFor(env, command)))
}

export async function runOfferingShow({ offering }: OfferingShowOptions, context: CommandContext): Promise<void> {
  const { getOfferingState } = await import('../../../offerings/list-offerings.js')
  using site = await openSiteFor(context, { write: false })
  await context.printer.record(offeringView, getOfferingState(site, offering))
}
