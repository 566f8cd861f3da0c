import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { roleListCommand } from './role-list.js'
import { roleAddMemberCommand, roleRemoveMemberCommand } from './role-members.js'

/** Whom stores know: `role list`, `add-member`, `remove-member`. */
export function roleCommand(program: Command, env: CliEnv): Command {
  const group = program.command('role').summary('list the roles of a store, and change who belongs to a group')
  for (const declare of [roleListCommand, roleAddMemberCommand, roleRemoveMemberCommand]) declare(group, env)
  return group
}
