import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import type { View } from '../../view.js'
import { portsAsText, portView } from './port-view.js'

const FORMS = 'Ports stand below what speaks at them, in the words of axiomatic; --plain prints a line for each.'

export function portListCommand(group: Command, env: CliEnv, run = runPortList): Command {
  return group
    .command('list')
    .summary('which ports there are, and what speaks at them')
    .addHelpText('after', remarks(FORMS))
    .addHelpText('after', examples('port list'))
    .action((_flags: unknown, command: Command) => run(contextFor(env, command)))
}

export async function runPortList(context: CommandContext): Promise<void> {
  const { describePorts } = await import('../../../offerings/ports/describe-ports.js')
  using site = await openSiteFor(context, { write: false })
  const ports = describePorts(site.store)
  const { json, jsonl, plain } = context.options
  if (json || jsonl || plain) return await context.printer.list(portView, ports, { empty: 'no ports' })
  const text = portsAsText(ports)
  await context.printer.document(textView, text, text)
}

const textView: View<string> = { text: { title: 'text', value: text => text } }
