import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { AddedSource } from '../../../offerings/add-source.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { type DeedStatus, statusIn } from '../../deed-status.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import type { View } from '../../view.js'

interface SourceOutcome extends Omit<AddedSource, 'status'> {
  readonly status: DeedStatus
}

export interface OfferingAddSourceOptions {
  /** As typed. */
  readonly directory: string
}

const addedSourceView: View<SourceOutcome> = {
  path: { title: 'path', value: row => row.path },
  status: { title: 'status', value: row => row.status },
  offerings: { title: 'offerings', value: row => row.offerings.map(each => each.name) },
}

const TRUST =
  'Its code runs as whoever runs mantissa. So the directory and all in it must belong to root or to the owner of the ' +
  'site, and nobody else may be able to write there. Adding it runs none of it.'

export function offeringAddSourceCommand(group: Command, env: CliEnv, run = runOfferingAddSource): Command {
  return changing(group.command('add-source'))
    .summary('let the site load the offerings of a package')
    .description('Record the directory of a package whose package.json declares offerings.')
    .argument('<dir>', 'where its package.json is')
    .addHelpText('after', remarks(TRUST))
    .addHelpText('after', examples('offering add-source polls'))
    .action((directory: string, _flags: unknown, command: Command) => run({ directory }, contextFor(env, command)))
}

export async function runOfferingAddSource(options: OfferingAddSourceOptions, context: CommandContext): Promise<void> {
  const { addSource, planSource } = await import('../../../offerings/add-source.js')
  const directory = resolve(context.env.currentDirectory, options.directory)
  using site = await openSiteFor(context, { write: true })
  const { dryRun } = context.options
  const outcome = await audited(
    context,
    site,
    () => (dryRun ? planSource(site, directory) : addSource(site, directory)),
    each => each.status,
  )
  const told = { ...outcome, status: statusIn(context, outcome.status) }
  await context.printer.outcome(addedSourceView, told, sentenceFor(told))
}

function sentenceFor({ path, status, offerings }: SourceOutcome): string {
  const names = offerings.map(each => each.name).join(', ')
  if (status === 'already') return `${path} is already a source of ${names}`
  return status === 'planned' ? `would add ${path}, which offers ${names}` : `added ${path}, which offers ${names}`
}
