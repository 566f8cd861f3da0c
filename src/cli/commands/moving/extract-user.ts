import type { Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { changing } from '../../verb-kinds.js'
import { runExportUser } from './export-user.js'

/** `extract-user` as the original had it: the directory form, the user leaves, and nobody is asked. */
export function extractUserCommand(program: Command, env: CliEnv, run = runExportUser): Command {
  return changing(program.command('extract-user', { hidden: true }))
    .summary('export-user --format directory --remove')
    .argument('<address>', 'any address of the account')
    .requiredOption('--destination <dir>', 'the directory to make it in')
    .addHelpText('after', examples('extract-user --address alice@example.com --destination .'))
    .action((address: string, { destination }: { readonly destination: string }, command: Command) => {
      const context = contextFor(env, command)
      const settings = { address, destination, format: 'directory', remove: true } as const
      return run(settings, { ...context, options: { ...context.options, yes: true } })
    })
}
