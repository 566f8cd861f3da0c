import type { Command } from 'commander'
import { formatAddress, parseExistingAddress } from '../../../base/address.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { confirmYes } from '../../confirmation.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type ChangedMethod, changedMethodView } from './method-view.js'

export interface LoginMethodRemoveOptions {
  readonly account: string
  readonly address: string
  readonly protocol?: string
}

export function loginMethodRemoveCommand(group: Command, env: CliEnv, run = runLoginMethodRemove): Command {
  return changing(group.command('remove'))
    .summary('take an address away from an account')
    .argument('<account>', 'any address of the account')
    .argument('<address>', 'the address to remove')
    .option('--protocol <name>', 'only for this protocol; without it, for all')
    .addHelpText('after', examples('login-method remove alice@example.com alice@example.org --yes'))
    .action((account: string, address: string, flags: { protocol?: string }, command: Command) =>
      run({ account, address, ...flags }, contextFor(env, command)),
    )
}

/** Removes the method in the site and in the account's own store; asks y/N first. */
export async function runLoginMethodRemove(options: LoginMethodRemoveOptions, context: CommandContext): Promise<void> {
  const { chooseMethodsToRemove, removeLoginMethod } = await import('../../../accounts/login-methods.js')
  const { getAccount, nameOf } = await import('./given-account.js')
  using site = await openSiteFor(context, { write: true })
  const account = getAccount(site, options.account)
  const address = parseExistingAddress(options.address)
  const { protocol } = options
  const rules = protocol === undefined ? {} : { protocol }
  chooseMethodsToRemove(account, address, rules)
  const name = nameOf(site, account)
  await confirmYes(context, `take ${formatAddress(address)} away from ${name}?`)
  const { dryRun } = context.options
  if (!dryRun) await audited(context, site, () => removeLoginMethod(account, address, rules))
  const status = dryRun ? 'planned' : 'removed'
  const row: ChangedMethod = {
    status,
    account: name,
    address: formatAddress(address),
    protocol: protocol ?? null,
  }
  const sentence = dryRun
    ? `would take ${row.address} away from ${row.account}`
    : `${row.address} is no longer ${row.account}'s`
  await context.printer.outcome(changedMethodView, row, sentence)
}
