import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { formatAddress, parseExistingAddress } from '../../../base/address.js'
import { formatSize } from '../../../base/duration-size.js'
import { InvalidInputError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import type { ExportDestination, ExportOptions, ExportResult } from '../../../transfer/leaving/export-options.js'
import type { ExportPlan } from '../../../transfer/leaving/plan-export.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor, note } from '../../command-context.js'
import { confirmYes } from '../../confirmation.js'
import { counted } from '../../counted.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { startProgress } from '../../progress.js'
import { changing } from '../../verb-kinds.js'
import { type ExportedUser, exportedUserView } from './exported-user-view.js'
import { freezeLimitOption } from './freeze-limit-option.js'
import { addVerifyOption, type Verify } from './verify-option.js'

export interface ExportUserOptions {
  readonly address: string
  readonly destination?: string
  readonly format: 'archive' | 'directory'
  readonly remove?: boolean
  readonly assumeStopped?: boolean
  readonly freezeLimit?: number
  readonly verify?: Verify
}

const REMARKS = `An archive is a gzip-compressed tar with a manifest of hashes; "-" writes it to standard output. A
directory is what axiomatic extract-user makes: <destination>/<address>.axiom, which opens in the original software. The
user stays, and what is imported from it is a copy, unless --remove is given: then the user leaves the site, and the
export carries the identity of the store along. A name without a domain is the application store of an offering, which
goes into an archive only, with the site's records of the offering.`

export function exportUserCommand(program: Command, env: CliEnv, run = runExportUser): Command {
  return addVerifyOption(changing(program.command('export-user')))
    .summary('write a user with everything that is theirs to an archive')
    .argument('<address>', 'any address of the account, or the name of an offering')
    .argument('[destination]', 'file, "-" for standard output, or with --format directory the directory to make it in')
    .addOption(new Option('--format <format>', 'what is made').choices(['archive', 'directory']).default('archive'))
    .option('--remove', 'the user leaves this site with it')
    .option('--assume-stopped', 'you know that no server of the original software writes the store')
    .addOption(freezeLimitOption())
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples(
        'export-user alice@example.com alice-today.tar.gz',
        'export-user alice@example.com - | mantissa import-user - --site other.axiom',
        'export-user alice@example.com --format directory',
        'export-user notes',
      ),
    )
    .action((address: string, destination: string | undefined, flags: Flags, command: Command) =>
      run({ address, ...(destination === undefined ? {} : { destination }), ...flags }, contextFor(env, command)),
    )
}

type Flags = Omit<ExportUserOptions, 'address' | 'destination'>

/** Exports one user, and removes them from the site where that was asked for. */
export async function runExportUser(options: ExportUserOptions, context: CommandContext): Promise<void> {
  const to = destinationOf(options, context)
  await confirmRemoval(options, to, context)
  const { planExport } = await import('../../../transfer/leaving/plan-export.js')
  using site = await openSiteFor(context, { write: true })
  const settings = { ...options, to, freezeLimitMs: options.freezeLimit }
  const plan = await planExport(site, parseExistingAddress(options.address), settings)
  const tell = async (warnings: readonly string[]) => {
    for (const warning of warnings) await note(context, `${plan.address}: ${warning}`)
  }
  if (context.options.dryRun) {
    await tell(plan.warnings)
    return await print(plannedRow(plan), to, context)
  }
  const result = await exportOne(site, { plan, settings, context })
  await tell(result.warnings)
  await print({ status: 'exported', ...result }, to, context)
}

interface ExportRun {
  readonly plan: ExportPlan
  readonly settings: ExportOptions
  readonly context: CommandContext
}

async function exportOne(site: Site, { plan, settings, context }: ExportRun): Promise<ExportResult> {
  const { exportUser } = await import('../../../transfer/leaving/export-user.js')
  // An archive is written from a copy; a directory is that copy.
  const total = (settings.to.kind === 'directory' ? 1 : 2) * (plan.databaseBytes + plan.fileBytes)
  using progress = startProgress(context, { label: `exporting ${plan.address}`, total, unit: 'bytes' })
  using _announced = context.env.interruption.announce('stopping: the user stays, and no archive is left')
  let done = 0
  return await audited(context, site, () =>
    exportUser(site, parseExistingAddress(plan.address), {
      ...settings,
      signal: context.env.interruption.signal,
      onBytes: bytes => {
        done += bytes
        progress.reached(done)
      },
    }),
  )
}

function destinationOf(
  { address, destination, format }: ExportUserOptions,
  { env }: CommandContext,
): ExportDestination {
  if (format === 'directory') {
    if (destination === '-') throw new InvalidInputError('a directory cannot go to standard output', { code: 'USAGE' })
    return { kind: 'directory', directory: resolve(env.currentDirectory, destination ?? '.') }
  }
  if (destination !== '-') {
    const name = destination ?? `${formatAddress(parseExistingAddress(address)).replaceAll('/', '_')}.tar.gz`
    return { kind: 'archive', file: resolve(env.currentDirectory, name) }
  }
  if (env.stdout.isTerminal) {
    throw new InvalidInputError('an archive is not written to a terminal', {
      code: 'USAGE',
      hint: 'give a file name, or pipe it to somewhere',
    })
  }
  return { kind: 'stream', output: env.stdout.stream() }
}

/** What goes to standard output cannot be found again here, so nobody is asked: it must have been meant. */
async function confirmRemoval(
  options: ExportUserOptions,
  to: ExportDestination,
  context: CommandContext,
): Promise<void> {
  if (!options.remove || context.options.yes || context.options.dryRun) return
  if (to.kind === 'stream') {
    throw new InvalidInputError(`export-user --remove to standard output needs --yes`, {
      code: 'USAGE',
      hint: 'add --yes, or export to a file',
    })
  }
  await confirmYes(context, `Remove ${options.address} from this site, with the export as what is left?`)
}

function plannedRow(plan: ExportPlan): ExportedUser {
  const { databaseBytes, fileBytes, ...rest } = plan
  const unknown = { storeId: null, epoch: null, quarantine: null, transferId: null }
  return { status: 'planned', ...rest, ...unknown, bytes: databaseBytes + fileBytes }
}

/** Where the archive itself is the standard output, its description goes to standard error. */
async function print(row: ExportedUser, to: ExportDestination, context: CommandContext): Promise<void> {
  const sentences = [sentenceOf(row), ...remainsOf(row)]
  if (to.kind !== 'stream') return await context.printer.outcome(exportedUserView, row, ...sentences)
  for (const sentence of sentences) await note(context, sentence)
}

function remainsOf({ address, path, quarantine }: ExportedUser): readonly string[] {
  if (quarantine === null) return []
  return [
    `${address} has left this site; the old store is kept in ${quarantine}`,
    `to get the user back: mantissa import-user ${path ?? `--restore ${quarantine}`}`,
  ]
}

function sentenceOf({ status, address, path, bytes, files }: ExportedUser): string {
  const did = status === 'planned' ? 'would export' : 'exported'
  const where = path ?? 'standard output'
  return `${did} ${address} to ${where}: ${formatSize(bytes)}, ${counted(files, 'file')}`
}
