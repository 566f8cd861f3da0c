import type { Command } from 'commander'
import type { Site } from '../../../site/site.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { statusIn } from '../../deed-status.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type InstallationOutcome, installationView } from './installation-view.js'

export interface OfferingInstallOptions {
  readonly offering: string
  readonly reuseName?: boolean
}

export function offeringInstallCommand(group: Command, env: CliEnv, run = runOfferingInstall): Command {
  return changing(group.command('install'))
    .summary('install an offering on the site')
    .description('Install an offering: it gets an application store, and the site what the offering requires of it.')
    .argument('<offering>', 'its name, as in offering list')
    .option('--reuse-name', 'anew, though its application store has moved to another site')
    .addHelpText('after', examples('offering install notes', 'offering install notes --dry-run'))
    .action((offering: string, flags: { readonly reuseName?: boolean }, command: Command) =>
      run({ offering, ...flags }, contextFor(env, command)),
    )
}

export async function runOfferingInstall(options: OfferingInstallOptions, context: CommandContext): Promise<void> {
  using site = await openSiteFor(context, { write: true })
  const outcome = await audited(
    context,
    site,
    () => install(site, options, context),
    each => each.status,
  )
  await context.printer.outcome(installationView, outcome, sentenceFor(outcome))
}

async function install(
  site: Site,
  { offering: name, reuseName = false }: OfferingInstallOptions,
  context: CommandContext,
): Promise<InstallationOutcome> {
  const { findInstalledOffering } = await import('../../../offerings/installed-offerings.js')
  const known = findInstalledOffering(site.store, name)
  if (known !== undefined)
    return { offering: known.offeringName, status: 'already', store: null, siteRequirements: [], appPowerups: [] }
  const { loadOffering } = await import('../../../offerings/load-offering.js')
  const { installOffering, planInstallation } = await import('../../../offerings/install-offering.js')
  const offering = await loadOffering(name, site)
  const rules = { reuseName }
  const done = context.options.dryRun
    ? planInstallation(site, offering, rules)
    : await installOffering(site, offering, rules)
  return { ...done, status: statusIn(context, 'done') }
}

function sentenceFor({ offering, status, store }: InstallationOutcome): string {
  if (status === 'already') return `${offering} is already installed`
  return status === 'planned'
    ? `would install ${offering}, with its application store at files/${store}`
    : `installed ${offering}; its application store is files/${store}`
}
