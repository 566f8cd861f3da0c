import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { offeringAddSourceCommand } from './offering-add-source.js'
import { offeringDepriveCommand } from './offering-deprive.js'
import { offeringEndowCommand } from './offering-endow.js'
import { offeringFrontPageCommand } from './offering-frontpage.js'
import { offeringInstallCommand } from './offering-install.js'
import { offeringListCommand } from './offering-list.js'
import { offeringShowCommand } from './offering-show.js'

/** The group of verbs about offerings. */
export function offeringCommand(program: Command, env: CliEnv): Command {
  const group = program.command('offering').summary('list, install and hand out what a site can offer')
  offeringListCommand(group, env)
  offeringShowCommand(group, env)
  offeringInstallCommand(group, env)
  offeringEndowCommand(group, env)
  offeringDepriveCommand(group, env)
  offeringFrontPageCommand(group, env)
  offeringAddSourceCommand(group, env)
  return group
}
