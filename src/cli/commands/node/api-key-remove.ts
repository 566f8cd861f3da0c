import type { Command } from 'commander'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { confirmYes } from '../../confirmation.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { changedApiKeyView } from './api-key-view.js'

export function apiKeyRemoveCommand(group: Command, env: CliEnv, run = runApiKeyRemove): Command {
  return changing(group.command('remove'))
    .summary('forget a key')
    .argument('<name>', 'which service it is for')
    .addHelpText('after', examples('api-key remove Weather --yes'))
    .action((name: string, _flags: unknown, command: Command) => run(name, contextFor(env, command)))
}

export async function runApiKeyRemove(name: string, context: CommandContext): Promise<void> {
  const { assertApiKey, removeApiKey } = await import('../../../offerings/api-keys.js')
  using site = await openSiteFor(context, { write: true })
  assertApiKey(site.store, name)
  if (context.options.dryRun)
    return await context.printer.outcome(changedApiKeyView, { status: 'planned', name }, `would forget the key ${name}`)
  await confirmYes(context, `forget the key ${name}, which cannot be told again?`)
  await audited(context, site, () => removeApiKey(site.store, name))
  await context.printer.outcome(changedApiKeyView, { status: 'removed', name }, `forgot the key ${name}`)
}
