import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { examples, remarks } from '../../examples.js'
import { eventsClearFailuresCommand } from './events-clear-failures.js'
import { eventsListCommand } from './events-list.js'

/** The verbs about timed events; `events` alone lists them. */
export function eventsCommand(program: Command, env: CliEnv): Command {
  const group = program.command('events').summary('list what is scheduled in the stores, and what has failed')
  const list = eventsListCommand(group, env)
  eventsClearFailuresCommand(group, env)
  const options = list.options.map(({ flags }) => flags).join(', ')
  return group
    .usage('[verb] [options]')
    .addHelpText('after', remarks(`Without a verb it is "list", with the options of that: ${options}.`))
    .addHelpText('after', examples('events', 'events --due'))
}
