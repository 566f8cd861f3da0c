import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { tlsRenewCommand } from './tls-renew.js'
import { tlsShowCommand } from './tls-show.js'
import { tlsUseCommand } from './tls-use.js'

/** The group of verbs about the certificate of a site. */
export function tlsCommand(program: Command, env: CliEnv): Command {
  const group = program.command('tls').summary('show and replace the certificate of the site')
  tlsShowCommand(group, env)
  tlsRenewCommand(group, env)
  tlsUseCommand(group, env)
  return group
}
