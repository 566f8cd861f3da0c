import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { NotFoundError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteAt, openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import type { ChoiceOptions } from './chosen-users.js'
import { freezeLimitOption } from './freeze-limit-option.js'
import { addVerifyOption, type Verify } from './verify-option.js'

export interface TransferUserOptions extends ChoiceOptions {
  readonly to: string
  readonly requireOfferings?: boolean
  readonly assumeStopped?: boolean
  readonly reuseName?: boolean
  readonly maxParallel?: number
  readonly maxFailures?: number
  readonly freezeLimit?: number
  readonly verify?: Verify
}

/** As the deeds name them. */
export interface MoveOptions extends TransferUserOptions {
  readonly reuseNames: boolean
  readonly freezeLimitMs: number | undefined
}

const REMARKS = `The store is copied while its user works; then writes are refused for a moment, what has changed is
copied again, and one entry in the journal decides. Whatever stops it, the user is in exactly one of the sites; what was
decided and not finished is ended by the next command on either site. The old directory is kept aside. A name without a
domain is the application store of an offering: the offering leaves with it, and --dry-run says what that means. One
address prints one object with --json, everything else a list.`

const MANY = `Several users are moved one after the other, or --max-parallel at a time; one that cannot be moved does
not stop the rest, and the exit code is then 10. A pattern stands for accounts with a store and a domain ("*" for any
text, "?" for one character; quote it), --all for all of those; application stores are named one by one. Who is at the
other site already is told as "already", so a command that was stopped is simply given again.`

export function transferUserCommand(program: Command, env: CliEnv, run = runTransferUser): Command {
  return addVerifyOption(changing(program.command('transfer-user')))
    .summary('move users, with everything that is theirs, to another site')
    .argument('[address...]', 'any address of each account, patterns of addresses, or names of offerings')
    .requiredOption('--to <dir>', 'the site that they move to')
    .option('--from <file>', 'a list, one address a line ("-": standard input)')
    .option('--all', 'all accounts that have a store and an address with a domain')
    .option('--max-parallel <n>', 'how many are moved at a time (1)', readCount)
    .option('--max-failures <n>', 'begin with nobody else after so many failures', readCount)
    .option('--require-offerings', 'fail where the other site lacks an offering that the user has')
    .option('--reuse-name', 'also where accounts of these names have moved away from the other site')
    .option('--assume-stopped', 'you know that no server of the original software writes the store')
    .addOption(freezeLimitOption())
    .addHelpText('after', remarks(REMARKS))
    .addHelpText('after', remarks(MANY))
    .addHelpText(
      'after',
      examples(
        'transfer-user alice@example.com --to other.axiom --dry-run',
        'transfer-user alice@example.com --to other.axiom',
        "transfer-user '*@example.com' --to other.axiom --max-parallel 2 --yes",
        'transfer-user --from movers.txt --to other.axiom --max-failures 10',
        'users --disabled | cut -f1 | mantissa transfer-user --from - --to other.axiom',
        'transfer-user --all --to other.axiom --dry-run',
        'transfer-user chores --to other.axiom --dry-run',
      ),
    )
    .action((addresses: string[], flags: Omit<TransferUserOptions, 'addresses'>, command: Command) =>
      run({ addresses, ...flags }, contextFor(env, command)),
    )
}

/** Moves users, or in a dry run tells what that would mean. Whom the words mean is known before a site is opened. */
export async function runTransferUser(options: TransferUserOptions, context: CommandContext): Promise<void> {
  const { chosenUsers } = await import('./chosen-users.js')
  const chosen = await chosenUsers(options, context)
  using source = await openSiteFor(context, { write: true })
  using target = await openTarget(options.to, context)
  const between = { source, target, context }
  const moving: MoveOptions = {
    ...options,
    reuseNames: options.reuseName ?? false,
    freezeLimitMs: options.freezeLimit,
  }
  const { dryRun } = context.options
  if ('only' in chosen) {
    const { planOne, transferOne } = await import('./transfer-one.js')
    return await (dryRun ? planOne : transferOne)(chosen.only, moving, between)
  }
  if (dryRun) return await (await import('./plan-many.js')).planMany(chosen.selection, moving, between)
  await (await import('./transfer-many.js')).transferMany(chosen, moving, between)
}

/** @throws NotFoundError (`NO_TARGET_SITE`): a target is never created. */
async function openTarget(to: string, context: CommandContext): Promise<Site> {
  const directory = resolve(context.env.currentDirectory, to)
  const { Store } = await import('../../../store-engine/store.js')
  if (Store.exists(directory)) return openSiteAt(context, directory, { write: true })
  throw new NotFoundError(`there is no site ${directory} to move to`, {
    code: 'NO_TARGET_SITE',
    hint: `mantissa create-site ${to}`,
    details: { directory },
  })
}

function readCount(text: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count > 0 && Number.isSafeInteger(count)) return count
  throw new InvalidArgumentError('It must be a whole number above zero.')
}
