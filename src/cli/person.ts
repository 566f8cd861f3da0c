import { InvalidInputError } from '../base/errors.js'
import type { CommandContext } from './command-context.js'

/**
 * Makes sure that somebody is there to answer. A question is asked only on a terminal and never after `--no-input`.
 *
 * @param option - what answers the question without a person.
 * @throws InvalidInputError (`INPUT_NEEDED`) whose hint names that option.
 */
export function requirePerson(context: CommandContext, question: string, option: string): void {
  const { env, options } = context
  if (options.input && env.stdin.isTerminal && env.stderr.isTerminal) return
  const reason = options.input ? 'there is no terminal to ask on' : '--no-input forbids to ask'
  throw new InvalidInputError(`${reason}: ${question}`, {
    code: 'INPUT_NEEDED',
    hint: `give ${option}`,
    details: { question, option },
  })
}
