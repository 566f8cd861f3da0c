import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { shareCreateCommand } from './share-create.js'
import { shareListCommand } from './share-list.js'
import { shareRemoveCommand } from './share-remove.js'

/** What stores show: `share list`, `create`, `remove`. */
export function shareCommand(program: Command, env: CliEnv): Command {
  const group = program.command('share').summary('list, create and remove shares: what stores show to others')
  for (const declare of [shareListCommand, shareCreateCommand, shareRemoveCommand]) declare(group, env)
  return group
}
