import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'

const REMARKS = `Without a store every store is looked into, one after the other. "item" is a storeID, as mantissa items prints it. The
share marked as default is what stands at the end of the store's URL where no ID is named.

Nothing is written, and no code of the items is needed. A store that cannot be opened is told of, and the exit code is then 10.`

export function shareListCommand(group: Command, env: CliEnv, run = runShareList): Command {
  return group
    .command('list')
    .summary('list what stores show, to whom and by which ID')
    .argument('[store]', 'only of this user (localpart@domain) or offering')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText('after', examples('share list', 'share list alice@example.com', 'share list notes --json'))
    .action((store: string | undefined, _flags: unknown, command: Command) =>
      run(store === undefined ? {} : { store }, contextFor(env, command)),
    )
}

/** Streams the shares of all stores or of one. @throws StoresSkippedError after the others. */
export async function runShareList(options: { readonly store?: string }, context: CommandContext): Promise<void> {
  const { listSiteShares } = await import('../../../upkeep/site-shares.js')
  const { SkippedStores } = await import('../site/skipped-stores.js')
  const { getAccount } = await import('../users/given-account.js')
  const { listedShareView } = await import('./share-view.js')
  using site = await openSiteFor(context, { write: false })
  const account = options.store === undefined ? undefined : getAccount(site, options.store)
  const skipped = new SkippedStores(context)
  const rows = skipped.passOver(listSiteShares(site, { account }))
  await context.printer.list(listedShareView, rows, { empty: 'nothing is shared' })
  skipped.throwSome()
}
