import type { Command } from 'commander'
import { InvalidInputError } from '../../../base/errors.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type ChangedAccount, changedAccountView } from './changed-account-view.js'

export interface UsermodOptions {
  readonly address: string
  readonly disable?: boolean
  readonly enable?: boolean
}

export function usermodCommand(program: Command, env: CliEnv, run = runUsermod): Command {
  return changing(program.command('usermod'))
    .summary('disable an account, or make it usable again')
    .argument('<address>', 'any address of the account')
    .option('--disable', 'nobody can log in with it; its addresses stay its own')
    .option('--enable', 'make it usable again')
    .addHelpText('after', remarks('Both acts may be repeated; data are not touched.'))
    .addHelpText('after', examples('usermod alice@example.com --disable', 'usermod alice@example.com --enable'))
    .action((address: string, flags: Omit<UsermodOptions, 'address'>, command: Command) =>
      run({ address, ...flags }, contextFor(env, command)),
    )
}

/** Sets the state of one account in the site and in its own store. */
export async function runUsermod(options: UsermodOptions, context: CommandContext): Promise<void> {
  if ((options.disable === true) === (options.enable === true)) {
    throw new InvalidInputError('usermod needs either --disable or --enable', {
      code: 'USAGE',
      hint: 'give one of them',
    })
  }
  const { setDisabled } = await import('../../../accounts/set-disabled.js')
  const { getAccount, nameOf } = await import('./given-account.js')
  using site = await openSiteFor(context, { write: true })
  const account = getAccount(site, options.address)
  const disabled = options.disable === true
  const change = () => (context.options.dryRun ? account.isDisabled !== disabled : setDisabled(site, account, disabled))
  const changed = await audited(context, site, change, done => (done ? 'done' : 'already'))
  const row = outcomeOf(nameOf(site, account), { disabled, changed, dryRun: context.options.dryRun })
  await context.printer.outcome(changedAccountView, row, sentenceOf(row))
}

function outcomeOf(address: string, facts: { disabled: boolean; changed: boolean; dryRun: boolean }): ChangedAccount {
  const state = facts.disabled ? 'disabled' : 'enabled'
  return { status: facts.changed ? (facts.dryRun ? 'planned' : 'done') : 'already', address, state }
}

function sentenceOf({ status, address, state }: ChangedAccount): string {
  if (status === 'already') return `${address} is already ${state}`
  return status === 'planned' ? `would make ${address} ${state}` : `${address} is ${state}`
}
