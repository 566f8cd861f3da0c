import { type Command, InvalidArgumentError, Option } from 'commander'
import { InvalidInputError } from '../../../base/errors.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { counted } from '../../counted.js'
import { statusIn } from '../../deed-status.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { deletedPortsView } from './changed-ports-view.js'

export interface PortDeleteOptions {
  readonly ports: readonly number[]
  /** As the original calls them. */
  readonly portIdentifier?: readonly number[]
}

export function portDeleteCommand(group: Command, env: CliEnv, run = runPortDelete): Command {
  return changing(group.command('delete'))
    .summary('remove ports')
    .argument('[ids...]', 'the numbers that port list shows', collect)
    .addOption(new Option('--port-identifier <id>').argParser(collect).hideHelp())
    .addHelpText('after', remarks('All of them or none. A node that runs stops listening there.'))
    .addHelpText('after', examples('port delete 22'))
    .action((ports: readonly number[] | undefined, flags: Omit<PortDeleteOptions, 'ports'>, command: Command) =>
      run({ ports: ports ?? [], ...flags }, contextFor(env, command)),
    )
}

export async function runPortDelete(options: PortDeleteOptions, context: CommandContext): Promise<void> {
  const ids = [...options.ports, ...(options.portIdentifier ?? [])]
  if (ids.length === 0)
    throw new InvalidInputError('port delete needs the number of a port', { code: 'USAGE', hint: 'mantissa port list' })
  const { deletePorts, planDeletion } = await import('../../../offerings/ports/delete-ports.js')
  using site = await openSiteFor(context, { write: true })
  const { dryRun } = context.options
  const ports = await audited(context, site, () =>
    dryRun ? planDeletion(site.store, ids) : deletePorts(site.store, ids),
  )
  const sentence = dryRun ? `would delete ${counted(ports.length, 'port')}` : 'Deleted.'
  await context.printer.outcome(deletedPortsView, { status: statusIn(context, 'done'), ports }, sentence)
}

function collect(text: string, before: readonly number[] = []): readonly number[] {
  if (/^\d{1,15}$/.test(text)) return [...before, Number(text)]
  throw new InvalidArgumentError('It must be the number of a port.')
}
