import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'

const REMARKS = `Roles come into being when something is shared with somebody, or a member is added to a group. "shares" counts what is
shared with the role itself; its members see that, and what is shared with the groups that it belongs to.`

export function roleListCommand(group: Command, env: CliEnv, run = runRoleList): Command {
  return group
    .command('list')
    .summary('list the roles that a store knows')
    .argument('<store>', 'of which user (localpart@domain) or offering')
    .addHelpText('after', remarks(REMARKS))
    .addHelpText('after', examples('role list alice@example.com'))
    .action((store: string, _flags: unknown, command: Command) => run({ store }, contextFor(env, command)))
}

export async function runRoleList({ store }: { readonly store: string }, context: CommandContext): Promise<void> {
  const { listRoles } = await import('../../../sharing/list-roles.js')
  const { openSharingStore } = await import('./sharing-store.js')
  const { roleView } = await import('./role-view.js')
  using site = await openSiteFor(context, { write: false })
  await context.printer.list(roleView, listRoles(openSharingStore(site, store).store), { empty: 'no roles' })
}
