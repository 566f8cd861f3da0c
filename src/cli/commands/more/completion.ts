import { Argument, type Command } from 'commander'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import type { View } from '../../view.js'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export interface CompletionOptions {
  readonly shell: Shell
  readonly program: Command
}

interface Script {
  readonly shell: Shell
  readonly script: string
}

const scriptView: View<Script> = {
  shell: { title: 'shell', value: ({ shell }) => shell },
  script: { title: 'script', value: ({ script }) => script },
}

export function completionCommand(program: Command, env: CliEnv, run = runCompletion): Command {
  return program
    .command('completion')
    .summary('print a completion script for a shell')
    .description('Print a script that lets the shell complete verbs and options. It is made from the verbs themselves.')
    .addArgument(new Argument('<shell>', 'whose script').choices(SHELLS))
    .addHelpText(
      'after',
      `${examples('completion bash', 'completion zsh', 'completion fish')}

Where to put it:
  bash  mantissa completion bash > ~/.local/share/bash-completion/completions/mantissa
  zsh   mantissa completion zsh > "\${fpath[1]}/_mantissa"
  fish  mantissa completion fish > ~/.config/fish/completions/mantissa.fish`,
    )
    .action((shell: Shell, _flags: unknown, command: Command) => run({ shell, program }, contextFor(env, command)))
}

/** Prints the script, and nothing else, whatever the form of the output. */
export async function runCompletion({ shell, program }: CompletionOptions, context: CommandContext): Promise<void> {
  const { completionScript } = await import('../../completion-script.js')
  const script = completionScript(program, shell)
  await context.printer.document(scriptView, { shell, script }, script)
}
