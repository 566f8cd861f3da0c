import type { Site, SiteOptions } from '../site/site.js'
import { type CommandContext, note } from './command-context.js'
import { resolveSite } from './resolve-site.js'

export interface OpenSiteOptions {
  readonly write: boolean
  /** For the verbs that end transfers themselves. */
  readonly leaveTransfers?: boolean
  /** For the verbs that look at rows of any type: newer versions than this program knows are no hindrance. */
  readonly tolerateNewer?: boolean
  /** Milliseconds to wait for another writer; for who must not stop for long. */
  readonly busyTimeout?: number
}

/**
 * Opens the site that is meant (`using site = await openSiteFor(…)`); never creates one.
 *
 * @param options.write - opens for writing, which finishes what an earlier crash left behind. In a dry run the site is
 *   opened read-only all the same.
 */
export async function openSiteFor(context: CommandContext, options: OpenSiteOptions): Promise<Site> {
  const { journalMode } = context.options
  return open(context, await resolveSite(context), {
    ...options,
    ...(journalMode === undefined ? {} : { journalMode }),
  })
}

/** The same for a site that a verb names beside the one that is meant; its journal mode stays. */
export async function openSiteAt(context: CommandContext, directory: string, options: OpenSiteOptions): Promise<Site> {
  return open(context, directory, options)
}

async function open(
  context: CommandContext,
  directory: string,
  options: OpenSiteOptions & Pick<SiteOptions, 'journalMode'>,
): Promise<Site> {
  const writes = options.write && !context.options.dryRun
  if (writes) await loadRecoveries()
  const { Site } = await import('../site/site.js')
  const site = Site.open(directory, {
    readonly: !writes,
    tolerateNewer: options.tolerateNewer === true,
    clock: context.env.clock,
    actor: context.env.actor(),
    ...(options.busyTimeout === undefined ? {} : { busyTimeout: options.busyTimeout }),
    ...(writes && options.journalMode !== undefined ? { journalMode: options.journalMode } : {}),
  })
  if (writes && !options.leaveTransfers) await settleTransfers(context, site)
  return site
}

/** Ends moves whose process is gone; what cannot be ended yet is said and hinders nothing. */
async function settleTransfers(context: CommandContext, site: Site): Promise<void> {
  const { removeAbandonedExports } = await import('../transfer/leaving/abandoned-exports.js')
  removeAbandonedExports(site)
  const { listUnfinishedTransfers } = await import('../site/transfers-journal.js')
  if (listUnfinishedTransfers(site).length === 0) return
  const { recoverTransfers } = await import('../transfer/protocol/recover-transfers.js')
  for (const { id, address, outcome, overtaken, decision, reason } of await recoverTransfers(site)) {
    if (outcome === 'waiting' || outcome === 'failed' || outcome === 'stalled')
      await note(context, `transfer ${id} of ${address} is not finished: ${reason}`)
    else if (overtaken)
      await note(
        context,
        `transfer ${id} of ${address} stood still; it was ${decision === 'commit' ? 'completed' : 'undone'}`,
      )
  }
}

/** What opening for writing may have to finish. */
async function loadRecoveries(): Promise<void> {
  await Promise.all([import('../accounts/recoveries.js'), import('../offerings/recoveries.js')])
}
