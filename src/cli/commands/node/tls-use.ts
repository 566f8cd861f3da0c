import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { GivenCertificate } from '../../../offerings/certificates/replace-certificate.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor, note } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type ReplacedCertificate, replacedCertificateView } from './certificate-view.js'

const WHAT = `Both files are PEM, the certificate with its chain. They are copied into the site, so this is to be run again after
each renewal. A node that runs uses the new one within seconds. A port can also be led to files that somebody else renews:
port create ssl:443:privateKey=<file>:certKey=<file>; those are read again whenever they change.`

export function tlsUseCommand(group: Command, env: CliEnv, run = runTlsUse): Command {
  return changing(group.command('use'))
    .summary('take a certificate that somebody else has issued')
    .argument('<certificate>', 'the certificate, followed by its chain')
    .option('--key <file>', 'its private key (default: in the same file)')
    .option('--force', 'even if it has expired')
    .addHelpText('after', remarks(WHAT))
    .addHelpText('after', examples('tls use example.axiom/files/server.pem'))
    .action((certificate: string, flags: Omit<GivenCertificate, 'certificate'>, command: Command) =>
      run({ certificate, ...flags }, contextFor(env, command)),
    )
}

export async function runTlsUse(options: GivenCertificate, context: CommandContext): Promise<void> {
  const { planTaking, takeCertificate } = await import('../../../offerings/certificates/replace-certificate.js')
  const { describeSiteCertificate } = await import('../../../offerings/certificates/describe-certificate.js')
  using site = await openSiteFor(context, { write: true })
  const given = withAbsolutePaths(options, context)
  if (context.options.dryRun) {
    const path = planTaking(site, given)
    const row: ReplacedCertificate = { status: 'planned', path, names: [], notAfter: null, fingerprint: null }
    return await context.printer.outcome(replacedCertificateView, row, `would replace ${path}`)
  }
  await audited(context, site, () => takeCertificate(site, given))
  const described = describeSiteCertificate(site)
  const taken: ReplacedCertificate = { status: 'done', ...described }
  if (!described.namesSite) await note(context, 'the certificate does not name the host name of the site')
  await context.printer.outcome(replacedCertificateView, taken, `${taken.path} is valid until ${taken.notAfter}`)
}

function withAbsolutePaths(options: GivenCertificate, { env }: CommandContext): GivenCertificate {
  const absolute = (path: string): string => resolve(env.currentDirectory, path)
  const { certificate, key, force } = options
  return {
    certificate: absolute(certificate),
    ...(key === undefined ? {} : { key: absolute(key) }),
    ...(force === undefined ? {} : { force }),
  }
}
