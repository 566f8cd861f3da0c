import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { eventsClearFailuresCommand } from './events-clear-failures.js'
import { eventsListCommand } from './events-list.js'

/** The verbs about timed events; `events` alone lists them. */
export function eventsCommand(program: Command, env: CliEnv): Command {
  const group = program.command('events').summary('list what is scheduled in the stores, and what has failed')
  eventsListCommand(group, env)
  eventsClearFailuresCommand(group, env)
  return group
}
