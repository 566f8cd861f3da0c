import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type Address, formatAddress, parseAddress } from '../../../base/address.js'
import { InvalidInputError } from '../../../base/errors.js'
import type { CreatedSite } from '../../../offerings/create-site.js'
import type { CreateSiteOptions } from '../../../offerings/site-options.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { statusIn } from '../../deed-status.js'
import { examples, remarks } from '../../examples.js'
import { addPasswordOptions, type NewPassword, newPassword, type PasswordFlags } from '../../new-password.js'
import { changing } from '../../verb-kinds.js'
import { createdSiteView, type SiteOutcome } from './created-site-view.js'

export interface CreateSiteFlags extends PasswordFlags {
  readonly admin?: Address
  readonly hostname?: string
  readonly publicUrl?: string
}

export interface CreateSiteVerbOptions extends CreateSiteFlags {
  /** As typed; without it, what --site says. */
  readonly directory?: string
}

const AGAIN =
  'Run again, it completes what is missing and changes nothing that is there: not the host name, not a password. A ' +
  'store that the original made becomes a site in the same way.'

export function createSiteCommand(program: Command, env: CliEnv, run = runCreateSite): Command {
  const command = changing(program.command('create-site'))
    .summary('make a site')
    .description('Make a site: a store with a login system, HTTP and TLS ports, and perhaps an administrator.')
    .argument('[dir]', 'its directory, by custom something.axiom; else what --site says')
    .option('--admin <address>', 'an administrator, who gets an account', parseAddress)
    .option('--hostname <name>', "its host name; else the domain of the administrator's address, else localhost")
    .option('--public-url <url>', 'where people reach it, such as https://example.com')
  return addPasswordOptions(command)
    .addHelpText('after', remarks(AGAIN))
    .addHelpText(
      'after',
      examples('create-site new.axiom', 'create-site new.axiom --admin admin@example.com --generate'),
    )
    .action((directory: string | undefined, flags: CreateSiteFlags, self: Command) =>
      run({ ...flags, ...(directory === undefined ? {} : { directory }) }, contextFor(env, self)),
    )
}

export async function runCreateSite(options: CreateSiteVerbOptions, context: CommandContext): Promise<void> {
  const directory = directoryFor(options, context)
  const { createSite } = await import('../../../offerings/create-site.js')
  const { planSite } = await import('../../../offerings/plan-site.js')
  const passwords: NewPassword[] = []
  const wanted = siteOptions(options, context, passwords)
  const { dryRun } = context.options
  const created = dryRun ? planSite(directory, wanted) : await createSite(directory, wanted)
  if (!dryRun) await record(created, context)
  const outcome = outcomeOf(created, context)
  await context.printer.outcome(createdSiteView, outcome, sentenceFor(outcome))
  for (const { text, generated } of passwords)
    if (generated) await context.printer.secret(`password of ${created.admin}`, text)
}

function directoryFor({ directory }: CreateSiteVerbOptions, { env, options }: CommandContext): string {
  const named = directory ?? options.site ?? env.variables['MANTISSA_SITE']
  if (named !== undefined && named !== '') return resolve(env.currentDirectory, named)
  throw new InvalidInputError('create-site needs the directory of the new site', {
    code: 'USAGE',
    hint: 'mantissa create-site <dir>',
  })
}

function siteOptions(
  { admin, hostname, publicUrl, ...flags }: CreateSiteVerbOptions,
  context: CommandContext,
  passwords: NewPassword[],
): CreateSiteOptions {
  return {
    actor: context.env.actor(),
    clock: context.env.clock,
    ...(context.options.journalMode === undefined ? {} : { journalMode: context.options.journalMode }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(admin === undefined ? {} : { adminAddress: admin, adminPasswordHash }),
  }
  async function adminPasswordHash(): Promise<string> {
    const password = await newPassword(context, flags, admin === undefined ? 'the administrator' : formatAddress(admin))
    passwords.push(password)
    const { hashPassword } = await import('../../../accounts/password.js')
    return await hashPassword(password.text)
  }
}

/** The audit log is in the site itself, so it can be written only now. */
async function record(created: CreatedSite, context: CommandContext): Promise<void> {
  const { Site } = await import('../../../site/site.js')
  const { recordAudit } = await import('../../../site/audit.js')
  using site = Site.open(created.site, { actor: context.env.actor(), clock: context.env.clock })
  recordAudit(site, { verb: context.verb, args: context.given, result: created.status })
}

function outcomeOf(created: CreatedSite, context: CommandContext): SiteOutcome {
  const { status, adminStatus } = created
  return {
    ...created,
    status: statusIn(context, status),
    adminStatus: adminStatus && statusIn(context, adminStatus),
  }
}

function sentenceFor({ site, status, hostname, admin, adminStatus }: SiteOutcome): string {
  if (status === 'already') return `${site} is already a site, called ${hostname}`
  const who = adminStatus === 'done' || adminStatus === 'planned' ? `, with the administrator ${admin}` : ''
  return `${status === 'planned' ? 'would make' : 'made'} the site ${site}, called ${hostname}${who}`
}
