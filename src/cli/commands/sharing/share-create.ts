import { type Command, InvalidArgumentError } from 'commander'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type ChangedShare, changedShareView } from './share-view.js'

interface Flags {
  readonly to: string
  readonly interface: readonly string[]
  readonly id?: string
  readonly default?: boolean
}

export interface ShareCreateOptions extends Flags {
  readonly store: string
  readonly item: number
}

const REMARKS = `The role is "everyone", "authenticated" (all who have logged in), the address of a person, of this site or of any other,
or the name of a group that mantissa role add-member has made.

An interface is a dotted name that the offering of the item defines; it says which members of the item are shown, and
nothing else of it is. Sharing the same item by the same ID again adds interfaces, or people. Without --id the share gets
an ID that nobody can guess. The code of the offerings installed on the site is run to know their interfaces.`

export function shareCreateCommand(group: Command, env: CliEnv, run = runShareCreate): Command {
  return changing(group.command('create'))
    .summary('show an item of a store to somebody')
    .argument('<store>', 'of which user (localpart@domain) or offering')
    .argument('<item>', 'the storeID of the item, as mantissa items prints it', parseStoreID)
    .requiredOption('--to <role>', 'everyone, authenticated, an address, or a group')
    .requiredOption('--interface <name>', 'what of it is shown (repeatable)', collect)
    .option('--id <id>', 'what it is called in URLs')
    .option('--default', 'it is shown at the URL of its store, where no ID is named')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples(
        'share create alice@example.com 5 --to zoe@example.com --interface mantissa.notes.INotes --id notes',
        'share create alice@example.com 5 --to everyone --interface mantissa.notes.INotes --default --dry-run',
      ),
    )
    .action((store: string, item: number, flags: Flags, command: Command) =>
      run({ store, item, ...flags }, contextFor(env, command)),
    )
}

/** Shares the item, in a transaction of its store. */
export async function runShareCreate(options: ShareCreateOptions, context: CommandContext): Promise<void> {
  const { createShare } = await import('./create-share.js')
  const { loadTypesOf } = await import('../looking/load-types.js')
  const { openSharingStore } = await import('./sharing-store.js')
  using site = await openSiteFor(context, { write: true })
  await loadTypesOf(site, context)
  const place = openSharingStore(site, options.store)
  const { dryRun } = context.options
  const created = await audited(
    context,
    site,
    () => createShare(place, options, dryRun),
    ({ status }) => (status === 'already' ? 'already' : 'done'),
  )
  await context.printer.outcome(changedShareView, created, sentenceOf(created))
}

function sentenceOf({ status, address, shareID, role, item, path }: ChangedShare): string {
  const what = `item ${item} of ${address}`
  const name = shareID === null ? 'an ID of its own' : JSON.stringify(shareID)
  if (status === 'planned') return `would share ${what} with ${role} as ${name}`
  const where = path === null ? '' : `, at ${path}`
  return status === 'already'
    ? `${what} is shared with ${role} as ${name} already${where}`
    : `shared ${what} with ${role} as ${name}${where}`
}

function parseStoreID(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number
  throw new InvalidArgumentError('It must be a whole number above 0.')
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
