import type { Command } from 'commander'
import type { LoginAccount } from '../../../accounts/login-account.js'
import { InvalidInputError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type ChangedAccount, changedAccountView } from './changed-account-view.js'

/** What a person may want to be true of an account. */
interface UsermodFlags {
  readonly disable?: boolean
  readonly enable?: boolean
  readonly admin?: boolean
}

export interface UsermodOptions extends UsermodFlags {
  readonly address: string
}

const REMARKS = `All acts may be repeated; data are not touched.
An administrator may change this site on the web. Rights come with a store, and not to another site: whoever was an
administrator elsewhere is none here until --admin says so.`

export function usermodCommand(program: Command, env: CliEnv, run = runUsermod): Command {
  return changing(program.command('usermod'))
    .summary('disable an account, make it usable again, or say who is an administrator')
    .argument('<address>', 'any address of the account')
    .option('--disable', 'nobody can log in with it; its addresses stay its own')
    .option('--enable', 'make it usable again')
    .option('--admin', 'make its owner an administrator of this site')
    .option('--no-admin', 'its owner is no administrator of this site')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples(
        'usermod alice@example.com --disable',
        'usermod alice@example.com --enable',
        'usermod alice@example.com --admin',
        'usermod alice@example.com --no-admin',
      ),
    )
    .action((address: string, flags: UsermodFlags, command: Command) =>
      run({ address, ...flags }, contextFor(env, command)),
    )
}

/** What is to be changed; every change can be asked and done, in a site that is open. */
interface Change {
  /** What holds afterwards. */
  readonly state: string
  isNeeded(site: Site, account: LoginAccount): boolean
  /** False where there was nothing to do. */
  make(site: Site, account: LoginAccount): boolean
}

/** Changes one thing of one account. */
export async function runUsermod(options: UsermodOptions, context: CommandContext): Promise<void> {
  const change = await chosenChange(options)
  const { getAccount, nameOf } = await import('./given-account.js')
  using site = await openSiteFor(context, { write: true })
  const account = getAccount(site, options.address)
  const { dryRun } = context.options
  const deed = () => (dryRun ? change.isNeeded(site, account) : change.make(site, account))
  const changed = await audited(context, site, deed, done => (done ? 'done' : 'already'))
  const status = changed ? (dryRun ? 'planned' : 'done') : 'already'
  const row: ChangedAccount = { status, address: nameOf(site, account), state: change.state }
  await context.printer.outcome(changedAccountView, row, sentenceOf(row))
}

async function chosenChange({ disable, enable, admin }: UsermodFlags): Promise<Change> {
  const given = [disable === true, enable === true, admin !== undefined].filter(Boolean).length
  if (given !== 1) {
    throw new InvalidInputError('usermod needs one of --disable, --enable, --admin and --no-admin', {
      code: 'USAGE',
      hint: 'give one of them',
    })
  }
  return admin === undefined ? await changeOfState(disable === true) : await changeOfRights(admin)
}

async function changeOfState(disabled: boolean): Promise<Change> {
  const { setDisabled } = await import('../../../accounts/set-disabled.js')
  return {
    state: disabled ? 'disabled' : 'enabled',
    isNeeded: (_site, account) => account.isDisabled !== disabled,
    make: (site, account) => setDisabled(site, account, disabled),
  }
}

async function changeOfRights(wanted: boolean): Promise<Change> {
  const rights = await import('../../../offerings/administrative-rights.js')
  return {
    state: wanted ? 'an administrator' : 'no administrator',
    isNeeded: (site, account) => rights.wouldChangeAdministration(site, account, wanted),
    make: wanted ? rights.grantAdministration : rights.revokeAdministration,
  }
}

function sentenceOf({ status, address, state }: ChangedAccount): string {
  if (status === 'already') return `${address} is already ${state}`
  return status === 'planned' ? `would make ${address} ${state}` : `${address} is ${state}`
}
