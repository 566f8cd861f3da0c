import type { Site } from '../site/site.js'
import type { CommandContext } from './command-context.js'
import { resolveSite } from './resolve-site.js'

/**
 * Opens the site that is meant (`using site = await openSiteFor(…)`); never creates one.
 *
 * @param options.write - opens for writing, which finishes what an earlier crash left behind. In a dry run the site is
 *   opened read-only all the same.
 */
export async function openSiteFor(context: CommandContext, options: { readonly write: boolean }): Promise<Site> {
  const directory = await resolveSite(context)
  if (options.write && !context.options.dryRun) await loadRecoveries()
  const { Site } = await import('../site/site.js')
  const { clock } = context.env
  return Site.open(directory, { readonly: !options.write || context.options.dryRun, clock, actor: context.env.actor() })
}

/** What opening for writing may have to finish. */
async function loadRecoveries(): Promise<void> {
  await Promise.all([import('../accounts/recoveries.js'), import('../offerings/recoveries.js')])
}
