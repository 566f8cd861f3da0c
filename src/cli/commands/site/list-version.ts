import type { Command } from 'commander'
import type { RecordedVersions } from '../../../store-engine/versions/version-history.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { printable } from '../../printer/printable.js'
import type { View } from '../../view.js'

/** `list-version` as the original had it: what was recorded, in the original's words. */
export function listVersionCommand(program: Command, env: CliEnv, run = runListVersion): Command {
  return program
    .command('list-version', { hidden: true })
    .summary('the version history in the words of axiomatic')
    .addHelpText('after', examples('list-version'))
    .action((_flags: unknown, command: Command) => run(contextFor(env, command)))
}

async function runListVersion(context: CommandContext): Promise<void> {
  const { listVersionHistory } = await import('../../../store-engine/versions/version-history.js')
  using site = await openSiteFor(context, { write: false })
  const lines = listVersionHistory(site.store).flatMap(linesOf)
  await context.printer.document(linesView, { lines }, lines.map(line => `${line}\n`).join(''))
}

const linesView: View<{ readonly lines: readonly string[] }> = {
  lines: { title: 'lines', value: ({ lines }) => lines },
}

function linesOf({ recorded, software }: RecordedVersions): string[] {
  const packages = software.map(each => `\t<SoftwareVersion ${printable(`${each.package}: ${each.version}`)}>`)
  return [`<SystemVersion ${legacyTime(recorded.toIso())}>`, ...packages]
}

/** The original leaves zeros at the end of the fraction out, and writes the time zone as a number. */
function legacyTime(iso: string): string {
  return iso.replace(/\.?0*Z$/, '+00:00')
}
