import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { methodView } from './method-view.js'

export function loginMethodListCommand(group: Command, env: CliEnv, run = runLoginMethodList): Command {
  return group
    .command('list')
    .summary('list the addresses of an account')
    .argument('<account>', 'any address of the account')
    .addHelpText('after', examples('login-method list alice@example.com'))
    .action((account: string, _flags: unknown, command: Command) => run({ account }, contextFor(env, command)))
}

/** Prints the login methods of one account, oldest first. */
export async function runLoginMethodList(
  options: { readonly account: string },
  context: CommandContext,
): Promise<void> {
  const { readAccountRecord } = await import('../../../accounts/account-rows.js')
  const { getAccount } = await import('./given-account.js')
  using site = await openSiteFor(context, { write: false })
  const { methods } = readAccountRecord(site, getAccount(site, options.account))
  await context.printer.list(methodView, methods, { empty: 'no addresses' })
}
