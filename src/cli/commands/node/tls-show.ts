import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { certificateView } from './certificate-view.js'

export function tlsShowCommand(group: Command, env: CliEnv, run = runTlsShow): Command {
  return group
    .command('show')
    .summary('whose certificate it is, and how long it is valid')
    .addHelpText('after', examples('tls show'))
    .action((_flags: unknown, command: Command) => run(contextFor(env, command)))
}

export async function runTlsShow(context: CommandContext): Promise<void> {
  const { describeSiteCertificate } = await import('../../../offerings/certificates/describe-certificate.js')
  using site = await openSiteFor(context, { write: false })
  await context.printer.record(certificateView, describeSiteCertificate(site))
}
