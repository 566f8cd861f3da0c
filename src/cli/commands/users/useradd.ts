import type { Command } from 'commander'
import { type Address, formatAddress, parseAddress } from '../../../base/address.js'
import { InvalidInputError } from '../../../base/errors.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { addPasswordOptions, newPassword } from '../../new-password.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { createdAccountView } from './created-account-view.js'
import { flagsOf, type UseraddFlags, type UseraddOptions } from './useradd-options.js'

const REMARKS = `With --from, a list of any length is read: CSV with a header, or one JSON object a line. Columns are
address and, where wanted, password or passwordHash (an argon2 PHC
string; it holds commas, so quote it in CSV), protocol, internal, verified, disabled.
What has an account is told as "already", so the same list can be given again; lines that fail do not stop the rest.`

export function useraddCommand(program: Command, env: CliEnv, run = runUseradd): Command {
  return addPasswordOptions(changing(program.command('useradd')))
    .summary('create an account and the user store behind it')
    .argument('[address]', 'localpart@domain to log in with', parseAddress)
    .option('--from <file>', 'create the accounts of a list ("-": standard input)')
    .option('--format <format>', 'csv or jsonl, where the name of the list does not tell')
    .option('--passwordless', 'an account that nobody can log in to until it is given a password')
    .option('--external', 'this site does not maintain the address')
    .option('--disabled', 'create it disabled')
    .option('--protocol <name>', 'what the address is for', 'email')
    .option('--reuse-name', 'also where an account of this name has moved to another site')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples(
        'useradd bob@example.com --generate',
        'useradd carol@example.com --password-file secret.txt',
        'useradd --from users.csv',
      ),
    )
    .action((address: Address | undefined, flags: UseraddFlags, command: Command) =>
      run({ ...(address === undefined ? {} : { address }), ...flags }, contextFor(env, command)),
    )
}

/** Creates one account, or those of a list. */
export async function runUseradd(options: UseraddOptions, context: CommandContext): Promise<void> {
  if ((options.address === undefined) === (options.from === undefined)) {
    throw new InvalidInputError('useradd needs either an address or --from', {
      code: 'USAGE',
      hint: 'mantissa useradd alice@example.com, or mantissa useradd --from users.csv',
    })
  }
  if (options.passwordless && (options.generate || options.passwordFile !== undefined)) {
    throw new InvalidInputError('--passwordless and an option for a password exclude each other', {
      code: 'USAGE',
      hint: 'give one of them',
    })
  }
  if (options.from !== undefined) {
    const { runUseraddFrom } = await import('./useradd-from.js')
    return await runUseraddFrom({ ...options, from: options.from }, context)
  }
  if (options.address !== undefined) await addOne(options.address, options, context)
}

async function addOne(address: Address, options: UseraddOptions, context: CommandContext): Promise<void> {
  const { assertNamesFree } = await import('../../../accounts/address-free.js')
  const { getLoginSystem } = await import('../../../accounts/login-system.js')
  using site = await openSiteFor(context, { write: true })
  const rules = { reuseNames: options.reuseName === true }
  getLoginSystem(site.store)
  assertNamesFree(site, [address], rules)
  const name = formatAddress(address)
  const row = { status: 'planned' as const, address: name, line: null, code: null, message: null }
  if (context.options.dryRun) return await context.printer.outcome(createdAccountView, row, `would create ${name}`)
  const password = options.passwordless ? undefined : await newPassword(context, options, name)
  const { createAccount } = await import('../../../accounts/create-account.js')
  const { hashPassword } = await import('../../../accounts/password.js')
  await audited(context, site, async () => {
    const passwordHash = password === undefined ? null : await hashPassword(password.text)
    createAccount(site, { address, passwordHash, ...flagsOf(options) }, rules)
  })
  if (password?.generated) await context.printer.secret(`password of ${name}`, password.text)
  await context.printer.outcome(createdAccountView, { ...row, status: 'created' }, `created ${name}`)
}
