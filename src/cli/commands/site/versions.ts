import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { versionView } from './version-view.js'

export function versionsCommand(program: Command, env: CliEnv, run = runVersions): Command {
  return program
    .command('versions')
    .summary('show which software has worked on a site')
    .description(
      'Show the software that runs now, and what has been recorded: a node records it when it starts, ' +
        'whenever it differs from what was recorded last.',
    )
    .addHelpText('after', examples('versions', 'versions --json'))
    .action((_flags: unknown, command: Command) => run(contextFor(env, command)))
}

/** Prints what runs and the history, newest first; nothing is recorded. */
export async function runVersions(context: CommandContext): Promise<void> {
  const { runningVersions } = await import('../../../offerings/running-versions.js')
  const { listVersionHistory } = await import('../../../store-engine/versions/version-history.js')
  using site = await openSiteFor(context, { write: false })
  const running = { status: 'running' as const, recorded: null, software: runningVersions(site) }
  const history = listVersionHistory(site.store).map(({ recorded, software }) => ({
    status: 'recorded' as const,
    recorded: recorded.toIso(),
    software,
  }))
  await context.printer.list(versionView, [running, ...history], { empty: 'no software' })
}
