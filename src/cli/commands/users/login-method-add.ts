import type { Command } from 'commander'
import { type Address, formatAddress, parseAddress } from '../../../base/address.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type ChangedMethod, changedMethodView } from './method-view.js'

interface Flags {
  readonly protocol?: string
  readonly internal?: boolean
  readonly verified?: boolean
}

export interface LoginMethodAddOptions extends Flags {
  readonly account: string
  readonly address: Address
}

export function loginMethodAddCommand(group: Command, env: CliEnv, run = runLoginMethodAdd): Command {
  return changing(group.command('add'))
    .summary('give an account one more address')
    .argument('<account>', 'any address of the account')
    .argument('<address>', 'the new address, localpart@domain', parseAddress)
    .option('--protocol <name>', 'what the address is for, such as email or sip; without it, for anything ("*")')
    .option('--internal', 'this site maintains the address')
    .option('--verified', 'the user has shown to own the address')
    .addHelpText(
      'after',
      remarks(
        'An address belongs to one account, whatever the protocol. One that the account has is left as it is, unless --protocol says that it is for something else as well.',
      ),
    )
    .addHelpText('after', examples('login-method add alice@example.com al@example.com --internal'))
    .action((account: string, address: Address, flags: Flags, command: Command) =>
      run({ account, address, ...flags }, contextFor(env, command)),
    )
}

/** Adds the method in the site and in the account's own store. */
export async function runLoginMethodAdd(options: LoginMethodAddOptions, context: CommandContext): Promise<void> {
  const { addLoginMethod, mayAddLoginMethod } = await import('../../../accounts/login-methods.js')
  const { methodsOf } = await import('../../../accounts/account-rows.js')
  const { addressKey } = await import('../../../site/reservations.js')
  const { getAccount, nameOf } = await import('./given-account.js')
  using site = await openSiteFor(context, { write: true })
  const account = getAccount(site, options.account)
  const { protocol = '*', internal = false, verified = false } = options
  const method = { ...options.address, protocol, internal, verified }
  const { dryRun } = context.options
  const hasAddress = methodsOf(site.store, account).some(each => addressKey(each) === addressKey(method))
  const add = () => {
    if (options.protocol === undefined && hasAddress) return false
    return dryRun ? mayAddLoginMethod(account, method) : addLoginMethod(account, method)
  }
  const added = await audited(context, site, add, done => (done ? 'done' : 'already'))
  const status = added ? (dryRun ? 'planned' : 'added') : 'already'
  const row: ChangedMethod = { status, account: nameOf(site, account), address: formatAddress(method), protocol }
  await context.printer.outcome(changedMethodView, row, sentenceOf(row))
}

function sentenceOf({ status, account, address, protocol }: ChangedMethod): string {
  const what = `${address} (${protocol})`
  if (status === 'already') return `${account} already has ${what}`
  return status === 'planned' ? `would give ${account} the address ${what}` : `${account} has ${what} now`
}
