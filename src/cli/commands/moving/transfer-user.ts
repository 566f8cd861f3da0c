import { resolve } from 'node:path'
import type { Command } from 'commander'
import { formatDuration, formatSize } from '../../../base/duration-size.js'
import { MantissaError, NotFoundError, PartialFailureError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import type { TransferPlan } from '../../../transfer/plan-transfer.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor, note } from '../../command-context.js'
import { counted } from '../../counted.js'
import { examples, remarks } from '../../examples.js'
import { openSiteAt, openSiteFor } from '../../open-site.js'
import { type Progress, startProgress } from '../../progress.js'
import { changing } from '../../verb-kinds.js'
import { type MovedUser, movedUserView, transferPlanView } from './moved-user-view.js'
import { addVerifyOption, type Verify } from './verify-option.js'

export interface TransferUserOptions {
  readonly addresses: readonly string[]
  readonly to: string
  readonly requireOfferings?: boolean
  readonly assumeStopped?: boolean
  readonly verify?: Verify
}

const REMARKS = `The store is copied while its user works; then writes are refused for a moment, what has changed is
copied again, and one entry in the journal decides. Whatever stops it, the user is in exactly one of the sites; what was
decided and not finished is ended by the next command on either site. The old directory is kept aside. One address
prints one object with --json, several a list.`

export function transferUserCommand(program: Command, env: CliEnv, run = runTransferUser): Command {
  return addVerifyOption(changing(program.command('transfer-user')))
    .summary('move users, with everything that is theirs, to another site')
    .argument('<address...>', 'any address of each account')
    .requiredOption('--to <dir>', 'the site that they move to')
    .option('--require-offerings', 'fail where the other site lacks an offering that the user has')
    .option('--assume-stopped', 'you know that no server of the original software writes the store')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples(
        'transfer-user alice@example.com --to other.axiom --dry-run',
        'transfer-user alice@example.com --to other.axiom',
        'transfer-user alice@example.com zoe@example.com --to other.axiom',
      ),
    )
    .action((addresses: string[], flags: Omit<TransferUserOptions, 'addresses'>, command: Command) =>
      run({ addresses, ...flags }, contextFor(env, command)),
    )
}

/** Moves users one after the other; one that cannot be moved does not stop the rest. */
export async function runTransferUser(options: TransferUserOptions, context: CommandContext): Promise<void> {
  using source = await openSiteFor(context, { write: true })
  using target = await openTarget(options.to, context)
  if (context.options.dryRun) return await printPlans(options, { source, target, context })
  const [only, ...others] = options.addresses
  if (only !== undefined && others.length === 0) {
    const moved = await moveOne(only, options, { source, target, context })
    const kept = `the old store is kept in ${moved.result?.quarantine}`
    return await context.printer.outcome(movedUserView, moved, sentenceOf(moved), kept)
  }
  const rows: MovedUser[] = []
  for (const address of options.addresses) rows.push(await tryOne(address, options, { source, target, context }))
  await context.printer.list(movedUserView, rows, { empty: 'nobody to move' })
  const failed = rows.filter(({ status }) => status === 'failed')
  if (failed.length === 0) return
  throw new PartialFailureError(`${failed.length} of ${rows.length} users were not moved`, {
    hint: 'each is where it was; remove the causes and give the same command again',
    details: { failed: failed.map(({ address, code }) => ({ address, code })) },
  })
}

interface Between {
  readonly source: Site
  readonly target: Site
  readonly context: CommandContext
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

async function printPlans(options: TransferUserOptions, { source, target, context }: Between): Promise<void> {
  const { planUserTransfer } = await import('../../../transfer/transfer-user.js')
  const { parseExistingAddress } = await import('../../../base/address.js')
  const plans: TransferPlan[] = []
  for (const address of options.addresses)
    plans.push(await planUserTransfer(source, parseExistingAddress(address), { ...options, to: target }))
  const [only, ...others] = plans
  if (only !== undefined && others.length === 0) return await context.printer.record(transferPlanView, only)
  await context.printer.list(transferPlanView, plans, { empty: 'nobody to move' })
}

async function tryOne(address: string, options: TransferUserOptions, between: Between): Promise<MovedUser> {
  try {
    return await moveOne(address, options, between)
  } catch (error) {
    if (!(error instanceof MantissaError)) throw error
    const { source, target } = between
    const places = { from: source.directory, to: target.directory }
    return { status: 'failed', address, ...places, result: null, code: error.code, message: error.message }
  }
}

async function moveOne(
  text: string,
  options: TransferUserOptions,
  { source, target, context }: Between,
): Promise<MovedUser> {
  const { parseExistingAddress } = await import('../../../base/address.js')
  const { transferUser } = await import('../../../transfer/transfer-user.js')
  const address = parseExistingAddress(text)
  using copying = new CopyProgress(context)
  using _announced = context.env.interruption.announce('stopping: the user stays, unless the move is decided already')
  const move = () =>
    transferUser(source, address, {
      ...options,
      to: target,
      signal: context.env.interruption.signal,
      onPlan: plan => copying.begin(plan),
      onBytes: bytes => copying.add(bytes),
    })
  const result = await audited(context, source, () => audited(context, target, move))
  const { from, to } = result
  return { status: 'moved', address: result.address, from, to, result, code: null, message: null }
}

/** Warnings and a bar, once it is known what there is to copy. */
class CopyProgress implements Disposable {
  readonly #context: CommandContext
  #progress: Progress | undefined
  #done = 0

  constructor(context: CommandContext) {
    this.#context = context
  }

  async begin({ address, databaseBytes, fileBytes, warnings }: TransferPlan): Promise<void> {
    for (const warning of warnings) await note(this.#context, `${address}: ${warning}`)
    const total = databaseBytes + fileBytes
    this.#progress = startProgress(this.#context, { label: `copying ${address}`, total, unit: 'bytes' })
  }

  add(bytes: number): void {
    this.#done += bytes
    this.#progress?.reached(this.#done)
  }

  [Symbol.dispose](): void {
    this.#progress?.[Symbol.dispose]()
  }
}

function sentenceOf({ address, to, result }: MovedUser): string {
  if (result === null) return `${address} was not moved`
  const more = result.addresses.length - 1
  return [
    `moved ${address}${more > 0 ? ` (and ${counted(more, 'more name')})` : ''} to ${to}:`,
    `${formatSize(result.bytes)}, ${counted(result.files, 'file')},`,
    `writes refused for ${formatDuration(result.freezeMs)}`,
  ].join(' ')
}
