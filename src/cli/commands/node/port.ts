import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { portCreateCommand } from './port-create.js'
import { portDeleteCommand } from './port-delete.js'
import { portListCommand } from './port-list.js'

/** The group of verbs about where a node listens. */
export function portCommand(program: Command, env: CliEnv): Command {
  const group = program.command('port').summary('show, make and remove the ports that a node listens at')
  portListCommand(group, env)
  portCreateCommand(group, env)
  portDeleteCommand(group, env)
  return group
}
