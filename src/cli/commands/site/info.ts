import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Site } from '../../../site/site.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { infoView, type SiteInfo } from './info-view.js'

export function infoCommand(program: Command, env: CliEnv, run = runInfo): Command {
  return program
    .command('info')
    .summary('show what a site is and holds')
    .addHelpText('after', examples('info', 'info --json'))
    .action((_flags: unknown, command: Command) => run(contextFor(env, command)))
}

/** Prints what is known of the site without changing it. */
export async function runInfo(context: CommandContext): Promise<void> {
  using site = await openSiteFor(context, { write: false })
  await context.printer.record(infoView, await describeSite(site))
}

async function describeSite(site: Site): Promise<SiteInfo> {
  const { countAccounts } = await import('../../../accounts/list-accounts.js')
  const { findLoginSystem } = await import('../../../accounts/login-system.js')
  const { getInstalledOfferingNames } = await import('../../../offerings/installed-offerings.js')
  const { SiteConfiguration } = await import('../../../offerings/site-items/site-configuration.js')
  const { listDeeds } = await import('../../../site/deeds.js')
  const { isSuspectedCopy, readIdentity } = await import('../../../site/identity.js')
  const { PUBLIC_URL, readSetting } = await import('../../../site/settings.js')
  const { listTransfers } = await import('../../../site/transfers-journal.js')
  const { listPorts } = await import('../../../offerings/ports/list-ports.js')
  const system = findLoginSystem(site.store)
  return {
    directory: site.directory,
    siteId: readIdentity(site)?.siteId ?? null,
    suspectedCopy: isSuspectedCopy(site),
    hostname: site.store.findFirst(SiteConfiguration)?.hostname ?? null,
    publicUrl: readSetting<string | null>(site, PUBLIC_URL, null),
    people: countAccounts(site),
    disabled: countAccounts(site, { disabled: true }),
    loginCount: system?.loginCount ?? null,
    failedLogins: system?.failedLogins ?? null,
    offerings: getInstalledOfferingNames(site.store),
    pending: listDeeds(site).map(({ kind, error }) => (error === null ? kind : `${kind}: ${error}`)),
    ports: listPorts(site.store),
    bytes: sizeOfDatabase(site.directory),
    openTransfers: listTransfers(site, { open: true }).map(({ id, address, state }) => `${id} ${address} ${state}`),
  }
}

function sizeOfDatabase(directory: string): number {
  const files = ['db.sqlite', 'db.sqlite-wal'].map(name => statSync(join(directory, name), { throwIfNoEntry: false }))
  return files.reduce((sum, file) => sum + (file?.size ?? 0), 0)
}
