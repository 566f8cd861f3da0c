import { basename } from 'node:path'
import type { Command } from 'commander'
import { formatSize, parseDuration } from '../../../base/duration-size.js'
import { PartialFailureError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import type { Purgeable } from '../../../transfer/purging/plan-purge.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { confirmByName } from '../../confirmation.js'
import { counted } from '../../counted.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { severe } from '../../verb-kinds.js'
import type { View } from '../../view.js'

export interface TransferPurgeOptions {
  readonly ids: readonly string[]
  readonly olderThan?: string
  readonly changedToo?: boolean
}

/** One old store. */
export interface PurgedStore {
  readonly status: 'purged' | 'planned' | 'refused'
  readonly id: string
  readonly address: string
  readonly directory: string
  readonly bytes: number
  readonly code: string | null
  readonly message: string | null
}

export const purgedStoreView: View<PurgedStore> = {
  status: { title: 'status', value: ({ status }) => status },
  id: { title: 'transfer', value: ({ id }) => id, isWhole: true },
  address: { title: 'address', value: ({ address }) => address },
  bytes: { title: 'freed', value: ({ bytes }) => bytes, text: ({ bytes }) => formatSize(bytes), align: 'right' },
  directory: { title: 'directory', value: ({ directory }) => directory, jsonOnly: true },
  code: { title: 'code', value: ({ code }) => code, jsonOnly: true },
  message: { title: 'message', value: ({ message }) => message },
}

const REMARKS = `Where a user has moved away, or left with an export, the old store is kept in the site's temp/ until it
is purged. Only those go whose users were found whole elsewhere; without ids, a week after that. One that somebody has
written since holds what did not travel: it stays unless --changed-too is given. Confirm with the name of the site's
directory, or, for one id, with the address.`

export function transferPurgeCommand(group: Command, env: CliEnv, run = runTransferPurge): Command {
  return severe(group.command('purge'))
    .summary('delete the old stores of users who have moved away')
    .argument('[id...]', 'ids of transfers; without them, all that are old enough')
    .option('--older-than <duration>', 'only users who have been elsewhere for so long (without ids: 7d)')
    .option('--changed-too', 'also what was written after the user had moved')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples('transfer purge --dry-run', 'transfer purge --older-than 30d --confirm example.axiom'),
    )
    .action((ids: string[], flags: Omit<TransferPurgeOptions, 'ids'>, command: Command) =>
      run({ ids, ...flags }, contextFor(env, command)),
    )
}

/** Deletes what may go; what may not is told, and hinders nothing else. */
export async function runTransferPurge(options: TransferPurgeOptions, context: CommandContext): Promise<void> {
  const { planPurge } = await import('../../../transfer/purging/plan-purge.js')
  const { ids, changedToo, olderThan } = options
  const olderThanMs = olderThan === undefined ? undefined : parseDuration(olderThan)
  using site = await openSiteFor(context, { write: true })
  const stores = planPurge(site, { ids, changedToo, olderThanMs })
  const doomed = stores.filter(({ refusal }) => refusal === undefined)
  if (doomed.length > 0) await confirm(site, options, { doomed, context })
  const rows: PurgedStore[] = []
  for (const store of stores) rows.push(await purgeOne(site, store, context))
  await context.printer.list(purgedStoreView, rows, { empty: 'no old stores to delete' })
  const refused = stores.flatMap(({ refusal }) => refusal ?? [])
  if (refused[0] !== undefined && rows.length === 1) throw refused[0]
  if (refused.length > 0) {
    throw new PartialFailureError(`${refused.length} of ${rows.length} old stores were not deleted`, {
      hint: 'look into those that were changed, or give --changed-too',
      details: { refused: refused.map(({ code, details }) => ({ code, ...details })) },
    })
  }
}

async function confirm(
  site: Site,
  { ids }: TransferPurgeOptions,
  { doomed, context }: { readonly doomed: readonly Purgeable[]; readonly context: CommandContext },
): Promise<void> {
  const [only] = ids.length === 1 ? doomed : []
  const bytes = doomed.reduce((sum, store) => sum + store.bytes, 0)
  const what = only === undefined ? counted(doomed.length, 'old store') : `The old store of ${only.row.address}`
  const loss = `${what} (${formatSize(bytes)}) will be deleted, with no way back.`
  await confirmByName(context, only?.row.address ?? basename(site.directory), loss)
}

async function purgeOne(site: Site, store: Purgeable, context: CommandContext): Promise<PurgedStore> {
  const { row, directory, bytes, refusal } = store
  const facts = { id: row.id, address: row.address, directory, bytes, code: null, message: null }
  if (refusal !== undefined) return { status: 'refused', ...facts, code: refusal.code, message: refusal.message }
  if (context.options.dryRun) return { status: 'planned', ...facts }
  const { purgeTransfer } = await import('../../../transfer/purging/purge-transfer.js')
  await audited(
    context,
    site,
    () => purgeTransfer(site, store),
    () => `purged ${row.id}`,
  )
  return { status: 'purged', ...facts }
}
