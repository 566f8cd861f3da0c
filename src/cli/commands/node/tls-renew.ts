import { type Command, InvalidArgumentError } from 'commander'
import type { Renewal } from '../../../offerings/certificates/replace-certificate.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type ReplacedCertificate, replacedCertificateView } from './certificate-view.js'

const WHAT = `The new certificate is for the host name of the site, www. before it, and every domain that the site maintains.
A node that runs uses it within seconds; connections that are open go on.`

export function tlsRenewCommand(group: Command, env: CliEnv, run = runTlsRenew): Command {
  return changing(group.command('renew'))
    .summary('make a new self-signed certificate')
    .option('--days <number>', 'how long it is valid (default: 825)', parseDays)
    .option('--force', 'also in the place of one that somebody else has issued, which is kept beside it')
    .addHelpText('after', remarks(WHAT))
    .addHelpText('after', examples('tls renew --days 90'))
    .action((flags: Renewal, command: Command) => run(flags, contextFor(env, command)))
}

export async function runTlsRenew(options: Renewal, context: CommandContext): Promise<void> {
  const { planRenewal, renewCertificate } = await import('../../../offerings/certificates/replace-certificate.js')
  const { describeSiteCertificate } = await import('../../../offerings/certificates/describe-certificate.js')
  using site = await openSiteFor(context, { write: true })
  if (context.options.dryRun) {
    const plan = planRenewal(site, options)
    const row: ReplacedCertificate = { status: 'planned', ...plan, notAfter: null, fingerprint: null }
    return await context.printer.outcome(replacedCertificateView, row, `would make ${plan.path}`)
  }
  await audited(context, site, () => renewCertificate(site, options))
  const made: ReplacedCertificate = { status: 'done', ...describeSiteCertificate(site) }
  await context.printer.outcome(replacedCertificateView, made, `made ${made.path}, valid until ${made.notAfter}`)
}

function parseDays(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a number of days from 1 to 9999.')
}
