import { type Command, Option } from 'commander'
import { parseDuration } from '../../../base/duration-size.js'
import { MantissaError, PendingError } from '../../../base/errors.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor, note } from '../../command-context.js'
import type { DeedStatus } from '../../deed-status.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import type { View } from '../../view.js'
import { lookAtNode, siteOfNode } from './look-at-node.js'
import { inWords, type ShownNode } from './node-view.js'

export interface StopOptions {
  /** Milliseconds. */
  readonly timeout?: number
  readonly kill?: boolean
}

interface StoppedNode {
  readonly status: DeedStatus
  readonly site: string
  readonly pid: number | null
  readonly killed: boolean
}

const stoppedView: View<StoppedNode> = {
  status: { title: 'status', value: ({ status }) => status },
  site: { title: 'site', value: ({ site }) => site },
  pid: { title: 'process', value: ({ pid }) => pid },
  killed: { title: 'killed', value: ({ killed }) => killed },
}

const ALIVE: ReadonlySet<string> = new Set(['starting', 'running', 'stopping'])

/** Milliseconds: more than a node takes that ends as it should. */
const PATIENCE = 30_000

export function stopCommand(program: Command, env: CliEnv, run = runStop): Command {
  return changing(program.command('stop'))
    .summary('stop the node of a site, and wait until it has')
    .addOption(
      new Option('--timeout <duration>', 'how long it may take to end what has begun (default: 30s)').argParser(
        parseDuration,
      ),
    )
    .option('--kill', 'end its process after that, whatever it does; no store is harmed')
    .addHelpText('after', examples('stop', 'stop --timeout 5s --kill'))
    .action((flags: StopOptions, command: Command) => run(flags, contextFor(env, command)))
}

/** Asks the node to stop and waits. @throws PendingError (`NODE_LINGERS`) saying what still runs. */
export async function runStop(options: StopOptions, context: CommandContext): Promise<void> {
  const site = await siteOfNode(context)
  const node = await lookAtNode(site)
  const row = { site, pid: node.pid, killed: false }
  if (node.status === 'stopped')
    return await context.printer.outcome(stoppedView, { ...row, status: 'already' }, `no node runs for ${site}`)
  if (context.options.dryRun)
    return await context.printer.outcome(stoppedView, { ...row, status: 'planned' }, `would stop process ${node.pid}`)
  const killed = await stop(site, node, options)
  await record(context)
  const sentence = killed ? `killed the node (process ${node.pid})` : `the node has stopped (process ${node.pid})`
  await context.printer.outcome(stoppedView, { ...row, status: 'done', killed }, sentence)
}

/** Whether it had to be killed. */
async function stop(site: string, node: ShownNode, options: StopOptions): Promise<boolean> {
  const { endNode, killNode, waitForEnd } = await import('../../../node/end-node.js')
  await endNode(site, node)
  if (await waitForEnd(site, options.timeout ?? PATIENCE)) return false
  if (options.kill === true && (await killNode(site, node.pid))) return true
  throw await stillRunning(site, node)
}

async function stillRunning(site: string, before: ShownNode): Promise<PendingError> {
  const node = before.status === 'silent' ? before : await lookAtNode(site)
  const services = node.services.filter(({ condition }) => ALIVE.has(condition))
  const what = services.length === 0 ? '' : `; still there: ${services.map(inWords).join(', ')}`
  return new PendingError(`the node (process ${before.pid}) has not stopped yet${what}`, {
    code: 'NODE_LINGERS',
    hint: 'wait and look again with mantissa status, or end it: mantissa stop --kill',
    details: { site, pid: before.pid, services },
  })
}

/** That the node has stopped is more than that it can be recorded. */
async function record(context: CommandContext): Promise<void> {
  try {
    using site = await openSiteFor(context, { write: true, leaveTransfers: true })
    await audited(context, site, () => {})
  } catch (error) {
    if (!(error instanceof MantissaError)) throw error
    await note(context, `the node has stopped, but that could not be recorded: ${error.message}`)
  }
}
