import type { Command } from 'commander'
import { InvalidInputError } from '../../../base/errors.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'

export interface EventsListOptions {
  readonly user?: string
  readonly due?: boolean
  readonly failures?: boolean
}

const REMARKS = `Every store is looked into, one after the other: the site's own, then those of people and applications. Nothing is
written, and events are listed whether or not the code is installed that would run them. In the site's own store a user
store is represented by its hook, which says when the node looks into it; it may be earlier than the first event there.

With --failures: what is left of events that went wrong and are not tried again, or were tried again later. JSON has the
whole traceback. A user store that cannot be opened is told of, and the exit code is then 10.`

export function eventsListCommand(group: Command, env: CliEnv, run = runEventsList): Command {
  return group
    .command('list', { isDefault: true })
    .summary('list what is scheduled, or what has failed')
    .option('--user <address>', 'only in the store of this account')
    .option('--due', 'only events that are due now')
    .option('--failures', 'recorded failures in the place of events')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples('events', 'events list --due --user alice@example.com', 'events list --failures --json'),
    )
    .action((flags: EventsListOptions, command: Command) => run(flags, contextFor(env, command)))
}

/** Streams the events, or the failures, of all stores or of one. @throws StoresSkippedError after the others. */
export async function runEventsList(options: EventsListOptions, context: CommandContext): Promise<void> {
  if (options.due && options.failures)
    throw new InvalidInputError('--due and --failures exclude each other', { code: 'USAGE', hint: 'give one of them' })
  const { Timestamp } = await import('../../../store-engine/attributes/timestamp.js')
  const { listSiteEvents, listSiteFailures } = await import('../../../upkeep/site-events.js')
  const { eventViews } = await import('./event-view.js')
  const { SkippedStores } = await import('./skipped-stores.js')
  const { getAccount } = await import('../users/given-account.js')
  using site = await openSiteFor(context, { write: false })
  const now = Timestamp.fromMicroseconds(context.env.clock())
  const account = options.user === undefined ? undefined : getAccount(site, options.user)
  const { events, failures } = eventViews(now)
  const skipped = new SkippedStores(context)
  if (options.failures) {
    const rows = skipped.passOver(listSiteFailures(site, { account }))
    await context.printer.list(failures, rows, { empty: 'no failures' })
  } else {
    const rows = skipped.passOver(listSiteEvents(site, { account, dueBy: options.due ? now : undefined }))
    await context.printer.list(events, rows, { empty: options.due ? 'nothing is due' : 'nothing is scheduled' })
  }
  skipped.throwSome()
}
