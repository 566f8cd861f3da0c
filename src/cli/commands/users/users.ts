import type { Command } from 'commander'
import { InvalidInputError } from '../../../base/errors.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { accountView, administratorView } from './account-view.js'
import { movedAddressView } from './moved-address-view.js'

export interface UsersOptions {
  readonly domain?: string
  readonly disabled?: boolean
  readonly enabled?: boolean
  readonly offering?: string
  readonly all?: boolean
  readonly admins?: boolean
  readonly moved?: boolean
}

export function usersCommand(program: Command, env: CliEnv, run = runUsers): Command {
  return program
    .command('users')
    .summary('list the accounts')
    .description('List the accounts of people, in the order in which they were created.')
    .option('--domain <domain>', 'only accounts with an address in this domain')
    .option('--disabled', 'only disabled accounts')
    .option('--enabled', 'only accounts that are not disabled')
    .option('--offering <offering>', 'only accounts that are endowed with this offering')
    .option('--all', 'also the accounts of application stores, and those without an address')
    .option('--admins', 'only administrators, and those whose rights this site withholds; opens every store')
    .option('--moved', 'instead of accounts the addresses that have moved to another site, and where they went')
    .addHelpText(
      'after',
      remarks('The list is complete, however long it is, and opens no user store unless --admins is given.'),
    )
    .addHelpText(
      'after',
      examples('users', 'users --domain example.org --disabled', 'users --admins', 'users --moved', 'users --json'),
    )
    .action((flags: UsersOptions, command: Command) => run(flags, contextFor(env, command)))
}

/** Streams the accounts that pass the filters. */
export async function runUsers(options: UsersOptions, context: CommandContext): Promise<void> {
  if (options.disabled && options.enabled) {
    throw new InvalidInputError('--disabled and --enabled exclude each other', { hint: 'give one of them, or neither' })
  }
  if (options.moved) return await listMoved(options, context)
  const { listAccounts } = await import('../../../accounts/list-accounts.js')
  using site = await openSiteFor(context, { write: false })
  const { domain, offering, all } = options
  const disabled = options.disabled ? true : options.enabled ? false : undefined
  const filter = {
    ...(domain === undefined ? {} : { domain }),
    ...(offering === undefined ? {} : { offering }),
    ...(disabled === undefined ? {} : { disabled }),
    all: all === true,
  }
  const accounts = listAccounts(site, filter)
  if (!options.admins) return await context.printer.list(accountView, accounts, { empty: 'no accounts' })
  const { administratorsAmong } = await import('../../../offerings/administrators-among.js')
  const administrators = administratorsAmong(site, accounts)
  await context.printer.list(administratorView, administrators, { empty: 'no administrators' })
}

/** The tombstones as they are; `user <address>` follows one to where its user is now. */
async function listMoved({ moved: _moved, ...filters }: UsersOptions, context: CommandContext): Promise<void> {
  if (Object.keys(filters).length > 0) {
    throw new InvalidInputError('--moved goes with no other filter', { hint: 'give it alone' })
  }
  const { listTombstones } = await import('../../../site/tombstones.js')
  using site = await openSiteFor(context, { write: false })
  await context.printer.list(movedAddressView, listTombstones(site), { empty: 'nobody has moved away' })
}
