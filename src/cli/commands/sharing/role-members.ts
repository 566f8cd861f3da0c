import type { Command } from 'commander'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { changing } from '../../verb-kinds.js'
import { type ChangedMembership, changedMembershipView } from './role-view.js'

export interface MembershipOptions {
  readonly store: string
  readonly group: string
  readonly member: string
}

const REMARKS = `A group is a role of one store, made with its first member; its name has no "@". What the store shares with the group is
for its members, whether these are people, named by their address, or groups again. Circles are no error.`

export function roleAddMemberCommand(group: Command, env: CliEnv, run = runRoleAddMember): Command {
  return membership(changing(group.command('add-member')).summary('let somebody belong to a group of a store'))
    .addHelpText('after', remarks(REMARKS))
    .addHelpText('after', examples('role add-member alice@example.com friends zoe@example.com'))
    .action((store: string, name: string, member: string, _flags: unknown, command: Command) =>
      run({ store, group: name, member }, contextFor(env, command)),
    )
}

export function roleRemoveMemberCommand(group: Command, env: CliEnv, run = runRoleRemoveMember): Command {
  return membership(changing(group.command('remove-member')).summary('let somebody belong to a group no longer'))
    .addHelpText('after', examples('role remove-member alice@example.com family zoe@example.com'))
    .action((store: string, name: string, member: string, _flags: unknown, command: Command) =>
      run({ store, group: name, member }, contextFor(env, command)),
    )
}

export function runRoleAddMember(options: MembershipOptions, context: CommandContext): Promise<void> {
  return change(options, context, 'added')
}

export function runRoleRemoveMember(options: MembershipOptions, context: CommandContext): Promise<void> {
  return change(options, context, 'removed')
}

function membership(command: Command): Command {
  return command
    .argument('<store>', 'of which user (localpart@domain) or offering')
    .argument('<group>', 'the name of the group')
    .argument('<member>', 'an address, or another group')
}

async function change(options: MembershipOptions, context: CommandContext, done: 'added' | 'removed'): Promise<void> {
  const { changeMembership } = await import('./change-membership.js')
  const { openSharingStore } = await import('./sharing-store.js')
  using site = await openSiteFor(context, { write: true })
  const place = openSharingStore(site, options.store)
  const deed = () => changeMembership(place, options, { done, dryRun: context.options.dryRun })
  const row = await audited(context, site, deed, ({ status }) => (status === 'already' ? 'already' : 'done'))
  await context.printer.outcome(changedMembershipView, row, sentenceOf(row, done))
}

function sentenceOf({ status, address, group, member }: ChangedMembership, done: 'added' | 'removed'): string {
  const which = `${group} of ${address}`
  const isOne = done === 'added' ? 'belongs' : 'does not belong'
  if (status === 'already') return `${member} ${isOne} to ${which}: there was nothing to do`
  if (status === 'planned') return `would ${done === 'added' ? 'let' : 'no longer let'} ${member} belong to ${which}`
  return `${member} ${isOne} to ${which} ${done === 'added' ? 'now' : 'any more'}`
}
