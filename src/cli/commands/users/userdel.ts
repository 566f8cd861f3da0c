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
import { startProgress } from '../../progress.js'
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
  await audited(context, site, () => remove(site, account, { plan, context }))
  await report(context, { ...plan, status: 'removed' })
}

interface Removal {
  readonly plan: RemovedAccount
  readonly context: CommandContext
}

async function remove(site: Site, account: LoginAccount, { plan, context }: Removal): Promise<void> {
  if (plan.archive !== null) return await archiveAway(site, plan.archive, { plan, context })
  const { removeAccount } = await import('../../../accounts/remove-account.js')
  removeAccount(site, account)
}

/** The account leaves as in an export, and what is left is the archive, which was read back before. */
async function archiveAway(site: Site, file: string, { plan, context }: Removal): Promise<void> {
  const { exportUser } = await import('../../../transfer/leaving/export-user.js')
  const { interruption } = context.env
  using progress = startProgress(context, { label: `archiving ${plan.address}`, unit: 'bytes' })
  using _announced = interruption.announce('stopping: the account stays, unless it is removed already')
  let done = 0
  await exportUser(site, parseExistingAddress(plan.address), {
    to: { kind: 'archive', file },
    remove: true,
    deletesOldStore: true,
    signal: interruption.signal,
    onBytes: bytes => {
      done += bytes
      progress.reached(done)
    },
  })
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
  const { status, address, archive } = row
  const deed = status === 'planned' ? 'would remove' : 'removed'
  const kept = archive === null ? ' for good' : `; its store ${status === 'planned' ? 'goes to' : 'is in'} ${archive}`
  await context.printer.outcome(removedAccountView, row, `${deed} ${address}${kept}`)
}
