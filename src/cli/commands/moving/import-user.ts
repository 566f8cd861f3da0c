import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { type Address, parseAddress } from '../../../base/address.js'
import { formatSize } from '../../../base/duration-size.js'
import { InvalidInputError, NotFoundError } from '../../../base/errors.js'
import type { ImportSource } from '../../../transfer/arriving/import-options.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor, note } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openFile } from '../../open-file.js'
import { openSiteFor } from '../../open-site.js'
import { startProgress } from '../../progress.js'
import { changing } from '../../verb-kinds.js'
import { type ImportedUser, importedUserView } from './imported-user-view.js'
import { addVerifyOption, type Verify } from './verify-option.js'

export interface ImportUserOptions {
  readonly source: string
  readonly restore?: boolean
  readonly as?: Address
  readonly reuseName?: boolean
  readonly verify?: Verify
}

const REMARKS = `Takes an archive of export-user, a directory that was extracted (by this program or by axiomatic), or
an archive on standard input ("-"). Everything is verified before the site is changed. What was exported without
--remove is a copy: it gets a store id of its own, and neither the messages that wait in it nor the answers that it
remembers, since the original will send them. --as makes a copy of any, under that address alone; --restore says that
it replaces an original that is lost. An application store comes with its offering: the site must not have that yet,
and must have its code.`

export function importUserCommand(program: Command, env: CliEnv, run = runImportUser): Command {
  return addVerifyOption(changing(program.command('import-user')))
    .summary('take in a user from an archive or a directory')
    .argument('<source>', 'file, directory, or "-" for standard input')
    .option('--as <address>', 'import a copy under another name', parseAddress)
    .addOption(new Option('--restore', 'it replaces a lost original, whose identity it keeps').conflicts('as'))
    .option('--reuse-name', 'also where an account of this name has moved to another site')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples(
        'import-user alice.tar.gz --site other.axiom',
        'export-user zoe@example.com - | mantissa import-user - --site other.axiom',
        'import-user alice.tar.gz --as alicia@example.com',
      ),
    )
    .action((source: string, flags: Omit<ImportUserOptions, 'source'>, command: Command) =>
      run({ source, ...flags }, contextFor(env, command)),
    )
}

/** Imports one user. */
export async function runImportUser(options: ImportUserOptions, context: CommandContext): Promise<void> {
  const { importUser } = await import('../../../transfer/arriving/import-user.js')
  const { planImport } = await import('../../../transfer/arriving/plan-import.js')
  using site = await openSiteFor(context, { write: true })
  const from = sourceOf(options, context)
  const settings = { ...options, reuseNames: options.reuseName ?? false }
  if (context.options.dryRun) {
    const plan = await planImport(site, from, settings)
    for (const warning of plan.warnings) await note(context, `${plan.address}: ${warning}`)
    const row = {
      status: 'planned',
      files: null,
      storeId: null,
      epoch: null,
      incarnation: null,
      disabled: null,
      transferId: null,
    } as const
    return await context.printer.outcome(importedUserView, { ...row, ...plan }, sentenceOf({ ...row, ...plan }))
  }
  using progress = startProgress(context, { label: 'importing', unit: 'bytes' })
  using _announced = context.env.interruption.announce('stopping: nothing will be imported')
  let done = 0
  const result = await audited(context, site, () =>
    importUser(site, from, {
      ...settings,
      signal: context.env.interruption.signal,
      onTotal: bytes => progress.expects(bytes),
      onBytes: bytes => {
        done += bytes
        progress.reached(done)
      },
    }),
  )
  for (const warning of result.warnings) await note(context, `${result.address}: ${warning}`)
  await context.printer.outcome(
    importedUserView,
    { status: 'imported', ...result },
    sentenceOf({ status: 'imported', ...result }),
  )
}

function sourceOf({ source }: ImportUserOptions, { env }: CommandContext): ImportSource {
  if (source === '-') {
    if (!env.stdin.isTerminal) return { kind: 'archive', input: env.stdin.stream() }
    throw new InvalidInputError('there is no archive on standard input, only a terminal', {
      code: 'USAGE',
      hint: 'name a file, or pipe an archive in',
    })
  }
  const path = resolve(env.currentDirectory, source)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) return { kind: 'directory', directory: path }
  if (found !== undefined) return { kind: 'archive', input: openFile(path) }
  throw new NotFoundError(`there is no archive or directory ${path}`, { hint: 'check the path', details: { path } })
}

function sentenceOf({ status, addresses, leftOut, bytes, identity, disabled }: ImportedUser): string {
  const did = status === 'planned' ? 'would import' : 'imported'
  const whose = identity === 'kept' ? 'the store keeps its identity' : 'a copy with a store id of its own'
  const without = leftOut.length === 0 ? '' : `, without ${leftOut.join(', ')}`
  const ability = disabled ? '; the account is disabled' : ''
  return `${did} ${addresses.join(', ')}: ${formatSize(bytes)}, ${whose}${without}${ability}`
}
