import { type Command, Option } from 'commander'

/** `quick` checks the structure of the database, `full` its indexes against its rows as well. */
export type Verify = 'quick' | 'full'

export function addVerifyOption(command: Command): Command {
  return command.addOption(
    new Option('--verify <depth>', 'how the copy of the database is checked')
      .choices(['quick', 'full'])
      .default('quick'),
  )
}
