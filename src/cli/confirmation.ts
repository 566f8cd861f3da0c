/**
 * How much is asked depends on how much may break. Mild acts ask nothing; moderate acts ask y/N (`--yes` answers);
 * severe acts want the name typed back (`--confirm <name>` answers, `--yes` does not).
 */
import { InvalidInputError } from '../base/errors.js'
import type { CommandContext } from './command-context.js'
import { requirePerson } from './person.js'
import { printable, printableLines } from './printer/printable.js'

/** Declined by the person; nothing was changed. */
export class NotConfirmedError extends InvalidInputError {
  constructor(what: string, hint: string) {
    super(`${what} was not confirmed; nothing was changed`, { code: 'NOT_CONFIRMED', hint })
  }
}

/**
 * For moderate acts.
 *
 * @param question - without the `y/N`, such as `remove the notes of alice@example.com?`
 * @param matter - what it is about, where that takes lines of its own; shown above the question.
 */
export async function confirmYes(context: CommandContext, question: string, matter?: string): Promise<void> {
  if (context.options.yes || context.options.dryRun) return
  requirePerson(context, question, '--yes')
  if (matter !== undefined) await context.env.stderr.write(`${printableLines(matter)}\n`)
  if (!(await context.env.prompts.confirm(printable(question))))
    throw new NotConfirmedError(context.verb, 'answer y, or give --yes')
}

/** For severe acts. @param name - what has to be typed back. @param loss - what will be lost, as a sentence. */
export async function confirmByName(context: CommandContext, name: string, loss: string): Promise<void> {
  if (context.options.dryRun) return
  const option = `--confirm ${name}`
  if (context.options.confirm === undefined) {
    requirePerson(context, `${loss} Type ${name} to confirm`, option)
    await context.env.stderr.write(`${printable(loss)}\n`)
  }
  const typed = context.options.confirm ?? (await context.env.prompts.text(printable(`Type ${name} to confirm:`)))
  if (typed !== name) throw new NotConfirmedError(`${context.verb} ${name}`, `type the name exactly, or give ${option}`)
}
