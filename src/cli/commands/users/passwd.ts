import type { Command } from 'commander'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { addPasswordOptions, newPassword, type PasswordFlags } from '../../new-password.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type ChangedAccount, changedAccountView } from './changed-account-view.js'

export interface PasswdOptions extends PasswordFlags {
  readonly address: string
}

export function passwdCommand(program: Command, env: CliEnv, run = runPasswd): Command {
  return addPasswordOptions(changing(program.command('passwd')))
    .summary('give an account a new password')
    .argument('<address>', 'any address of the account')
    .addHelpText(
      'after',
      examples('passwd alice@example.com --generate', 'passwd alice@example.com --password-file secret.txt'),
    )
    .action((address: string, flags: PasswordFlags, command: Command) =>
      run({ address, ...flags }, contextFor(env, command)),
    )
}

/** Replaces the password in the site and in the account's own store. */
export async function runPasswd(options: PasswdOptions, context: CommandContext): Promise<void> {
  const { setPassword } = await import('../../../accounts/set-password.js')
  const { getAccount, nameOf } = await import('./given-account.js')
  using site = await openSiteFor(context, { write: true })
  const account = getAccount(site, options.address)
  const address = nameOf(site, account)
  if (context.options.dryRun) return await report(context, { status: 'planned', address, state: 'new password' })
  const password = await newPassword(context, options, address)
  await audited(context, site, () => setPassword(site, account, password.text))
  if (password.generated) await context.printer.secret(`password of ${address}`, password.text)
  await report(context, { status: 'done', address, state: 'new password' })
}

async function report(context: CommandContext, row: ChangedAccount): Promise<void> {
  const sentence =
    row.status === 'planned' ? `would give ${row.address} a new password` : `${row.address} has a new password`
  await context.printer.outcome(changedAccountView, row, sentence)
}
