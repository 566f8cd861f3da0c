import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Site } from '../../../site/site.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor, note } from '../../command-context.js'
import { type DeedStatus, statusIn } from '../../deed-status.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { changesOf, type WebFlags } from './web-flags.js'
import { webView } from './web-view.js'

const WHAT = `Without options it shows how the web server is set up. A prefix is what stands behind the slash of the site's
address: --static pictures:/srv/pictures shows that directory at /pictures to everybody, and --redirect
old:https://example.org/new leads on from /old. A prefix that is there already is given the new one; longer prefixes win.`

export function webCommand(program: Command, env: CliEnv, run = runWeb): Command {
  return changing(program.command('web'))
    .summary('show and set up the web server: name, log, directories, redirections')
    .option('-H, --hostname <name>', 'what the site is called')
    .option('--public-url <url>', 'where people reach it, or none')
    .option('--http-log <path>', 'where requests are logged, from the files of the site on, or none')
    .option('--trusted-proxy <network>', 'believe a proxy for whom it asks, or none (repeatable)', collect)
    .option('--static <prefix:path>', 'show a directory (repeatable)', collectPair)
    .option('--remove-static <prefix>', 'show it no more (repeatable)', collect)
    .option('--redirect <from:to>', 'lead on from a prefix (repeatable)', collectPair)
    .option('--remove-redirect <prefix>', 'lead on no more (repeatable)', collect)
    .addOption(new Option('--list', 'as axiomatic has it').hideHelp())
    .addHelpText('after', remarks(WHAT))
    .addHelpText('after', examples('web', 'web --http-log httpd.log', 'web --redirect old:https://example.org/new'))
    .action((flags: WebFlags, command: Command) => run(flags, contextFor(env, command)))
}

export async function runWeb(flags: WebFlags, context: CommandContext): Promise<void> {
  const { describeWeb } = await import('../../../offerings/web-settings/describe-web.js')
  const changes = await changesOf(flags, context)
  if (changes === undefined) {
    using site = await openSiteFor(context, { write: false })
    return await context.printer.record(webView, { status: null, ...describeWeb(site) })
  }
  const { changeWeb, planWeb } = await import('../../../offerings/web-settings/change-web.js')
  using site = await openSiteFor(context, { write: true })
  const deed = () => (context.options.dryRun ? planWeb(site, changes) : changeWeb(site, changes))
  const { changed, settings } = await audited(context, site, deed, each => (each.changed ? 'done' : 'already'))
  const status = statusIn(context, changed ? 'done' : 'already')
  if (status === 'done' && changes.hostname !== undefined) await remarkOnCertificate(context, site)
  await context.printer.outcome(webView, { status, ...settings }, SENTENCES[status])
}

/** Browsers would warn of it, under the new name. */
async function remarkOnCertificate(context: CommandContext, site: Site): Promise<void> {
  const { isNamedInSiteCertificate } = await import('../../../offerings/certificates/describe-certificate.js')
  if (!isNamedInSiteCertificate(site)) await note(context, 'the certificate is for another name: mantissa tls renew')
}

const SENTENCES: Readonly<Record<DeedStatus, string>> = {
  done: 'the web server is set up as you said; mantissa web shows it',
  already: 'the web server was set up like that already',
  planned: 'would set up the web server as you said',
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function collectPair(text: string, before: readonly string[] = []): readonly string[] {
  if (/^[^:]*:./.test(text)) return [...before, text]
  throw new InvalidArgumentError('It must be two parts with a colon between them.')
}
