import type { Command } from 'commander'
import { NotFoundError, UnavailableError } from '../../../base/errors.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { lookAtNode, siteOfNode } from './look-at-node.js'
import { nodeView } from './node-view.js'

const EXIT_CODES = `
Exit code 0: a node runs for the site (its services may have failed: they are listed). 3: none runs. 7: one runs and does
not answer.`

export function statusCommand(program: Command, env: CliEnv, run = runStatus): Command {
  return program
    .command('status')
    .summary('show whether a node runs, and what it serves')
    .addHelpText('after', remarks(EXIT_CODES))
    .addHelpText('after', examples('status || mantissa start --dry-run', 'status --json || true'))
    .action((_flags: unknown, command: Command) => run(contextFor(env, command)))
}

/** Prints what the node says of itself. Opens no store. @throws NotFoundError (`NODE_NOT_RUNNING`) after printing. */
export async function runStatus(context: CommandContext): Promise<void> {
  const site = await siteOfNode(context)
  const node = await lookAtNode(site)
  await context.printer.record(nodeView, node)
  if (node.status === 'stopped') {
    throw new NotFoundError(`no node runs for ${site}`, {
      code: 'NODE_NOT_RUNNING',
      hint:
        node.logFile === null
          ? 'mantissa start'
          : 'it has ended without stopping: mantissa logs and run/logs/mantissa.err tell more',
      details: { site },
    })
  }
  if (node.status === 'silent') {
    throw new UnavailableError(`the node of ${site} does not answer`, {
      code: 'NODE_SILENT',
      hint: 'wait, or end it: mantissa stop --kill',
      details: { site, pid: node.pid },
    })
  }
}
