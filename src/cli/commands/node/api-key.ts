import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { apiKeyListCommand } from './api-key-list.js'
import { apiKeyRemoveCommand } from './api-key-remove.js'
import { apiKeySetCommand } from './api-key-set.js'

/** The group of verbs about keys for services of others. */
export function apiKeyCommand(program: Command, env: CliEnv): Command {
  const group = program.command('api-key').summary('keep the keys of the site for services of others')
  apiKeySetCommand(group, env)
  apiKeyListCommand(group, env)
  apiKeyRemoveCommand(group, env)
  return group
}
