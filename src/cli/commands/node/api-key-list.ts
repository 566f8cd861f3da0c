import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { apiKeyView } from './api-key-view.js'

export function apiKeyListCommand(group: Command, env: CliEnv, run = runApiKeyList): Command {
  return group
    .command('list')
    .summary('which keys there are, and how the long ones end')
    .addHelpText('after', examples('api-key list'))
    .action((_flags: unknown, command: Command) => run(contextFor(env, command)))
}

export async function runApiKeyList(context: CommandContext): Promise<void> {
  const { listApiKeys } = await import('../../../offerings/api-keys.js')
  using site = await openSiteFor(context, { write: false })
  await context.printer.list(apiKeyView, listApiKeys(site.store), { empty: 'no API keys' })
}
