import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { accountDetailView } from './account-detail-view.js'

export interface UserOptions {
  readonly address: string
}

export function userCommand(program: Command, env: CliEnv, run = runUser): Command {
  return program
    .command('user')
    .summary('show everything about one account')
    .argument('<address>', 'any of its addresses; a bare name is an application store')
    .addHelpText('after', examples('user alice@example.com', 'user --json alice@example.com'))
    .action((address: string, _flags: unknown, command: Command) => run({ address }, contextFor(env, command)))
}

/** Prints one account, its addresses, and what its store holds. */
export async function runUser(options: UserOptions, context: CommandContext): Promise<void> {
  const { describeAccount } = await import('../../../accounts/describe-account.js')
  const { getAccount } = await import('./given-account.js')
  using site = await openSiteFor(context, { write: false })
  const { tryStandingOf } = await import('../../../offerings/administrative-rights.js')
  const account = getAccount(site, options.address)
  const description = describeAccount(site, account)
  await context.printer.record(accountDetailView, { ...description, admin: tryStandingOf(site, account) })
}
