import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { LoginAccount } from '../../../accounts/login-account.js'
import { parseExistingAddress } from '../../../base/address.js'
import { InvalidInputError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { confirmByName } from '../../confirmation.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { severe } from '../../verb-kinds.js'
import { type RemovedAccount, removedAccountView } from './removed-account-view.js'

export interface UserdelOptions {
  readonly address: string
  readonly archive?: string
  readonly purge?: boolean
}

const REMARKS = `The user store goes into an archive that import-user can bring back, in the current directory unless
--archive says where. With --purge nothing is kept.`

export function userdelCommand(program: Command, env: CliEnv, run = runUserdel): Command {
  return severe(program.command('userdel'))
    .summary('remove an account, its addresses and its store')
    .argument('<address>', 'any address of the account')
    .option('--archive <file>', 'where the archive of the store goes')
    .option('--purge', 'keep no archive')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples('userdel alice@example.com --dry-run', 'userdel zoe@example.com --purge --confirm zoe@example.com'),
    )
    .action((address: string, flags: Omit<UserdelOptions, 'address'>, command: Command) =>
      run({ address, ...flags }, contextFor(env, command)),
    )
}

/** Removes one account after its name was typed back, and after its store is safe in an archive. */
export async function runUserdel(options: UserdelOptions, context: CommandContext): Promise<void> {
  if (options.purge && options.archive !== undefined) {
    throw new InvalidInputError('--purge and --archive exclude each other', { code: 'USAGE', hint: 'give one of them' })
  }
  const { isApplication, nameOfAccount } = await import('../../../accounts/account-record.js')
  const { readAccountRecord } = await import('../../../accounts/account-rows.js')
  const { ApplicationAccountError } = await import('../../../accounts/errors.js')
  const { getAccount } = await import('./given-account.js')
  using site = await openSiteFor(context, { write: true })
  const account = getAccount(site, options.address)
  const record = readAccountRecord(site, account)
  const address = nameOfAccount(record) ?? options.address
  if (isApplication(record)) throw new ApplicationAccountError(address)
  const archive = options.purge ? null : archivePath(options, address, context)
  const plan: RemovedAccount = { status: 'planned', address, archive, quarantine: null }
  if (context.options.dryRun) return await report(context, plan)
  await confirmByName(context, address, lossOf(plan))
  await report(context, await audited(context, site, () => remove(site, account, plan)))
}

async function remove(site: Site, account: LoginAccount, plan: RemovedAccount): Promise<RemovedAccount> {
  if (plan.archive !== null) return await archiveAway(site, plan, plan.archive)
  const { removeAccount } = await import('../../../accounts/remove-account.js')
  removeAccount(site, account)
  return { ...plan, status: 'removed' }
}

/** The account leaves as in an export, but nobody has it now: its names are free again. */
async function archiveAway(site: Site, plan: RemovedAccount, file: string): Promise<RemovedAccount> {
  const { exportUser } = await import('../../../transfer/export-user.js')
  const { removeTombstonesOf } = await import('../../../site/tombstones.js')
  const to = { kind: 'archive', file } as const
  const { storeId, quarantine } = await exportUser(site, parseExistingAddress(plan.address), { to, remove: true })
  site.store.transact(() => removeTombstonesOf(site, storeId))
  return { ...plan, status: 'removed', quarantine }
}

function archivePath(options: UserdelOptions, name: string, { env }: CommandContext): string {
  const day = new Date(Number(env.clock() / 1000n)).toISOString().slice(0, 10)
  return resolve(env.currentDirectory, options.archive ?? `${name}-${day}.mantissa.tar.gz`)
}

function lossOf({ address, archive }: RemovedAccount): string {
  return archive === null
    ? `The account ${address} and everything in its store will be deleted, with no way back.`
    : `The account ${address} will be removed; its store goes to ${archive}.`
}

async function report(context: CommandContext, row: RemovedAccount): Promise<void> {
  const { status, address, archive, quarantine } = row
  const deed = status === 'planned' ? 'would remove' : 'removed'
  const kept = archive === null ? ' for good' : `; its store goes to ${archive}`
  const aside = quarantine === null ? '' : `\nits old directory is kept in ${quarantine} until it is purged`
  await context.printer.outcome(removedAccountView, row, `${deed} ${address}${kept}${aside}`)
}
