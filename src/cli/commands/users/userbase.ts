import type { Command } from 'commander'
import { type Address, formatAddress, parseAddress } from '../../../base/address.js'
import { ConflictError } from '../../../base/errors.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { addPasswordOptions, newPassword, type PasswordFlags } from '../../new-password.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { createdAccountView } from './created-account-view.js'
import { listedMethods, listedMethodView } from './listed-method-view.js'

/**
 * `userbase install`, `create` and `list` as the original had them; what today's verbs do otherwise (an internal
 * address, one line per account) these do not.
 */
export function userbaseCommand(program: Command, env: CliEnv): Command {
  const group = program.command('userbase', { hidden: true }).summary('the account verbs of axiomatic')
  changing(group.command('install'))
    .summary('give a store a login system')
    .addHelpText('after', examples('userbase install'))
    .action((_flags: unknown, command: Command) => runInstall(contextFor(env, command)))
  addPasswordOptions(changing(group.command('create')))
    .summary('create an account, and the login system where it is missing')
    .argument('<address>', 'localpart@domain', parseAddress)
    .addHelpText('after', examples('userbase create erin example.com --generate'))
    .action((address: Address, flags: PasswordFlags, command: Command) =>
      runCreate({ address, ...flags }, contextFor(env, command)),
    )
  group
    .command('list')
    .summary('list every login method, one a line')
    .addHelpText('after', examples('userbase list'))
    .action((_flags: unknown, command: Command) => runList(contextFor(env, command)))
  return group
}

async function runInstall(context: CommandContext): Promise<void> {
  const { findLoginSystem, installLoginSystem } = await import('../../../accounts/login-system.js')
  using site = await openSiteFor(context, { write: true })
  if (findLoginSystem(site.store) !== undefined) {
    throw new ConflictError(`${site.directory} has a login system already`, {
      code: 'LOGIN_SYSTEM_INSTALLED',
      hint: 'create accounts with: mantissa useradd',
    })
  }
  if (!context.options.dryRun) await audited(context, site, () => installLoginSystem(site.store))
}

async function runCreate(
  options: PasswordFlags & { readonly address: Address },
  context: CommandContext,
): Promise<void> {
  const { assertNamesFree } = await import('../../../accounts/address-free.js')
  const { createAccount } = await import('../../../accounts/create-account.js')
  const { installLoginSystem } = await import('../../../accounts/login-system.js')
  const { hashPassword } = await import('../../../accounts/password.js')
  const { address } = options
  const name = formatAddress(address)
  using site = await openSiteFor(context, { write: true })
  assertNamesFree(site, [address])
  const row = { status: 'planned' as const, address: name, line: null, code: null, message: null }
  if (context.options.dryRun) return await context.printer.outcome(createdAccountView, row, `would create ${name}`)
  const password = await newPassword(context, options, name)
  await audited(context, site, async () => {
    const passwordHash = await hashPassword(password.text)
    installLoginSystem(site.store)
    createAccount(site, { address, passwordHash, internal: false })
  })
  if (password.generated) await context.printer.secret(`password of ${name}`, password.text)
  await context.printer.outcome(createdAccountView, { ...row, status: 'created' }, `created ${name}`)
}

/** One line per method, and the one line that the original prints when there is none. */
async function runList(context: CommandContext): Promise<void> {
  const { listAccounts } = await import('../../../accounts/list-accounts.js')
  using site = await openSiteFor(context, { write: false })
  const methods = listedMethods(listAccounts(site, { all: true }))
  const first = methods.next()
  if (first.done && !context.options.json && !context.options.jsonl) {
    return await context.printer.document(listedMethodView, { address: '', disabled: false }, 'No accounts\n')
  }
  const all = (function* () {
    if (!first.done) yield first.value
    yield* methods
  })()
  await context.printer.list(listedMethodView, all, { empty: 'No accounts' })
}
