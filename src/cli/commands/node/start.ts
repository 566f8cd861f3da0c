import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../../../base/duration-size.js'
import { InvalidInputError } from '../../../base/errors.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { changing } from '../../verb-kinds.js'
import { siteOfNode } from './look-at-node.js'
import type { NodePlan, StartOptions } from './node-plan.js'
import { nodeView } from './node-view.js'

const REMARKS = `
Without --detach it runs until SIGTERM or Ctrl-C: it stops accepting, ends what has begun (for some seconds) and exits with
0; a second signal ends it at once. SIGHUP opens the log anew and looks at everything again.

A service that cannot start is told in the log and in status and tried again; the rest runs. The node does not start where
there are ports and none can listen, and with --strict where anything fails.`

export function startCommand(program: Command, env: CliEnv, run = runStart): Command {
  return changing(program.command('start'))
    .summary('run the node of a site: its ports, its services, its scheduled events')
    .option('--detach', 'in the background: waits until it is ready or has failed, and says which')
    .addOption(new Option('--timeout <duration>', 'with --detach: how long to wait').argParser(parseDuration))
    .option('--log-file <path>', 'default: run/logs/mantissa.log; "-": standard output')
    .addOption(new Option('--log-level <level>', 'default: info').choices(['debug', 'info', 'warn', 'error']))
    .option('--pid-file <path>', 'default: run/mantissa.pid')
    .option('--admin <endpoint>', 'for /metrics and /ready; "off": none (default: tcp:8079:interface=127.0.0.1)')
    .addOption(
      new Option('--keep-open <number>', 'how many user stores stay open (default: 200)').argParser(parseCount),
    )
    .option('--strict', 'fail where a single service fails')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText('after', examples('start --dry-run', 'start --detach --admin off && mantissa stop'))
    .action((flags: StartOptions, command: Command) => run(flags, contextFor(env, command)))
}

/** Runs the node until it is told to end, or starts one in the background. */
export async function runStart(options: StartOptions, context: CommandContext): Promise<void> {
  const site = await siteOfNode(context)
  if (context.options.dryRun) return await plan(site, context)
  const decided = await decide(site, options, context)
  if (options.detach === true) {
    const { startDetached } = await import('./start-detached.js')
    return await startDetached(decided, context)
  }
  const { startHere } = await import('./start-here.js')
  await startHere(decided, context)
}

async function decide(site: string, options: StartOptions, { env }: CommandContext): Promise<NodePlan> {
  const { defaultLogFile, defaultPidFile } = await import('../../../node/node-place.js')
  const { parseAdminEndpoint } = await import('../../../node/admin-endpoint.js')
  if (options.admin !== undefined) parseAdminEndpoint(options.admin)
  const { pidFile = defaultPidFile(site), logFile = defaultLogFile(site) } = options
  if (logFile === '-' && options.detach === true) {
    throw new InvalidInputError('a node in the background has no standard output to log to', {
      code: 'USAGE',
      hint: 'name a file with --log-file',
    })
  }
  const at = (path: string): string => resolve(env.currentDirectory, path)
  return { ...options, site, pidFile: at(pidFile), logFile: logFile === '-' ? null : at(logFile) }
}

/** What would be started; no code of offerings is run for it, and no port is tried. */
async function plan(directory: string, context: CommandContext): Promise<void> {
  const { openSiteFor } = await import('../../open-site.js')
  const { lookAtNode } = await import('./look-at-node.js')
  const { listWantedServices } = await import('../../../node/wanted-services.js')
  const running = await lookAtNode(directory)
  using site = await openSiteFor(context, { write: false })
  const services = listWantedServices(site.store).map(({ name, id, store, type }) => {
    return { name, id, store, type, condition: 'starting' as const, address: null, failure: null }
  })
  const already = running.status === 'stopped' ? '' : `; but one runs already (process ${running.pid})`
  const node = { ...running, status: 'planned' as const, services }
  const sentence = `would start the node of ${directory}: the scheduler, ${services.map(({ name }) => name).join(', ')}`
  await context.printer.outcome(nodeView, node, `${sentence}${already}`)
}

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new InvalidArgumentError('a number above 0')
}
