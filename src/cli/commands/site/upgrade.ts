import { type Command, InvalidArgumentError } from 'commander'
import { type MantissaError, PartialFailureError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import type { UpgradedStore } from '../../../upkeep/upgrade-site.js'
import { audited } from '../../audited.js'
import { type CliEnv, InterruptedError } from '../../cli-env.js'
import { type CommandContext, contextFor, note } from '../../command-context.js'
import { examples } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { startProgress } from '../../progress.js'
import { changing } from '../../verb-kinds.js'
import { tally, tallyInWords, type UpgradeTally, upgradedStoreView } from './upgraded-store-view.js'

interface UpgradeFlags {
  readonly count: number
}

export function upgradeCommand(program: Command, env: CliEnv, run = runUpgrade): Command {
  return changing(program.command('upgrade'))
    .summary('bring all stores of a site to the present versions of their items')
    .description(
      'Upgrade the items of the site, of its application stores and of every user, and give the tables of stores from ' +
        'before Axiom 0.8 explicit oids, so that VACUUM is safe. Items of types without code here are carried as they ' +
        'are. Interrupted, even killed, it goes on when it is run again.',
    )
    .option('--count <items>', 'how many items go into one transaction', parseCount, 100)
    .addHelpText('after', examples('upgrade', 'upgrade --dry-run', 'upgrade --count 1000 --json'))
    .action((flags: UpgradeFlags, command: Command) => run(flags, contextFor(env, command)))
}

/** Tells of each store. @throws the store's own error where nothing could be done at all, else PartialFailureError. */
export async function runUpgrade({ count }: UpgradeFlags, context: CommandContext): Promise<void> {
  await import('../../../upkeep/own-item-types.js')
  using site = await openSiteFor(context, { write: true })
  await loadCode(site, context)
  const sum: Sum = { stores: 0, failed: 0, items: 0, tables: 0, first: undefined }
  const { interruption } = context.env
  using _ = interruption.announce('stopping after this transaction; run it again to go on')
  await audited(
    context,
    site,
    () => printStores(site, { count, sum }, context),
    () => tallyInWords(sum),
  )
  if (interruption.signal.aborted) throw new InterruptedError('stopped between two transactions; run it again to go on')
  await note(
    context,
    `${context.options.dryRun ? 'an upgrade would change' : 'upgrade complete:'} ${tallyInWords(sum)}`,
  )
  if (sum.first !== undefined) throw failureOf(sum, sum.first)
}

interface Sum extends UpgradeTally {
  first: MantissaError | undefined
}

async function printStores(
  site: Site,
  { count, sum }: UpgradeFlags & { readonly sum: Sum },
  context: CommandContext,
): Promise<void> {
  const { countStores, upgradeSite } = await import('../../../upkeep/upgrade-site.js')
  using progress = startProgress(context, { label: 'upgrading stores', unit: 'items', total: countStores(site) })
  const stores = upgradeSite(site, {
    itemsPerTransaction: count,
    plan: context.options.dryRun,
    signal: context.env.interruption.signal,
    reached: reached => progress.reached(reached),
  })
  async function* rows(): AsyncGenerator<UpgradedStore> {
    for await (const store of stores) {
      tally(sum, store)
      sum.first ??= store.error ?? undefined
      yield store
    }
  }
  await context.printer.list(upgradedStoreView, rows(), { empty: 'no stores' })
}

/** Types of an offering whose code cannot be loaded are no reason to leave the others as they are. */
async function loadCode(site: Site, context: CommandContext): Promise<void> {
  const { loadInstalledOfferings } = await import('../../../offerings/load-installed-offerings.js')
  for (const { offering, error } of await loadInstalledOfferings(site))
    await note(context, `items of ${offering} are left as they are: ${error.message}`)
}

function failureOf(sum: UpgradeTally, first: MantissaError): MantissaError {
  return sum.failed === sum.stores && sum.items + sum.tables === 0 ? first : new StoresNotUpgradedError(sum)
}

function parseCount(text: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= 1_000_000) return count
  throw new InvalidArgumentError('a number of items from 1 to 1000000')
}

/** Some stores were not upgraded, or not wholly; the others are and stay. */
class StoresNotUpgradedError extends PartialFailureError {
  constructor({ failed, stores, items, tables }: UpgradeTally) {
    super(`${failed} of ${stores} stores could not be upgraded, or not wholly`, {
      code: 'SOME_STORES_FAILED',
      hint: 'the report says why; when that is mended, run it again',
      details: { failed, stores, items, tables },
    })
  }
}
