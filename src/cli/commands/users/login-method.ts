import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { loginMethodAddCommand } from './login-method-add.js'
import { loginMethodListCommand } from './login-method-list.js'
import { loginMethodRemoveCommand } from './login-method-remove.js'

/** The addresses of an account: `login-method add`, `remove`, `list`. */
export function loginMethodCommand(program: Command, env: CliEnv): Command {
  const group = program.command('login-method').summary('add, remove and list the addresses of an account')
  for (const declare of [loginMethodAddCommand, loginMethodRemoveCommand, loginMethodListCommand]) declare(group, env)
  return group
}
