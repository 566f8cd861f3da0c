import type { Command } from 'commander'
import { NotFoundError } from '../../../base/errors.js'
import { didYouMean, nearestNames } from '../../../base/nearest-names.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { type ExplainedCode, explainedCodeView } from './explained-code-view.js'

/** What the verb takes; the operand and the flags as commander read them. */
export interface ExplainOptions {
  readonly code?: string
}

export function explainCommand(program: Command, env: CliEnv, run = runExplain): Command {
  return program
    .command('explain')
    .summary('say what an error code means')
    .description('Say what an error code means and what to do about it. Without a code, list them all.')
    .argument('[code]', 'as printed with --json, such as ADDRESS_TAKEN')
    .addHelpText('after', examples('explain INPUT_NEEDED', 'explain --json NO_SITE', 'explain'))
    .action((code: string | undefined, _flags: unknown, command: Command) =>
      run(code === undefined ? {} : { code }, contextFor(env, command)),
    )
}

/** Prints one explanation, or the list of all codes. */
export async function runExplain(options: ExplainOptions, context: CommandContext): Promise<void> {
  const codes = await explainedCodes()
  if (options.code === undefined) return await context.printer.list(explainedCodeView, codes, { empty: 'no codes' })
  const explained = getExplainedCode(codes, options.code)
  await context.printer.document(explainedCodeView, explained, textOf(explained))
}

async function explainedCodes(): Promise<ExplainedCode[]> {
  const { EXPLANATIONS } = await import('../../explanations.js')
  return Object.entries(EXPLANATIONS)
    .map(([code, explanation]) => ({ code, ...explanation }))
    .sort((one, other) => (one.code < other.code ? -1 : 1))
}

function getExplainedCode(codes: readonly ExplainedCode[], typed: string): ExplainedCode {
  const wanted = typed.toUpperCase().replaceAll('-', '_')
  const found = codes.find(({ code }) => code === wanted)
  if (found !== undefined) return found
  const near = nearestNames(
    wanted,
    codes.map(({ code }) => code),
  )
  throw new NotFoundError(`there is no error code ${typed}`, {
    hint: didYouMean(near) || 'mantissa explain lists them all',
  })
}

function textOf({ code, meaning, remedy }: ExplainedCode): string {
  return `${code}\n\n${meaning}\n\n${remedy}\n`
}
