/** Commander's complaints in the words of the error tree, and secrets refused before commander can repeat them. */
import type { Command, CommanderError } from 'commander'
import { InvalidInputError } from '../base/errors.js'
import { didYouMean, nearestNames } from '../base/nearest-names.js'
import { verbOf } from './command-context.js'

/** Options that somebody may try in order to hand over a secret. Their value is never read, kept or printed. */
const SECRET_OPTION = /^--?(?:[a-z-]*-)?(?:password|passwd|passphrase|secret|token)(?:=|$)/i

/**
 * Refuses a secret in the arguments, where every user of the machine could read it in the list of processes.
 *
 * @throws InvalidInputError (`SECRET_IN_ARGUMENTS`); the text holds the option's name and not its value.
 */
export function refuseSecrets(argv: readonly string[]): void {
  const end = argv.indexOf('--')
  const typed = (end < 0 ? argv : argv.slice(0, end)).find(argument => SECRET_OPTION.test(argument))
  if (typed !== undefined) throw secretInArguments(typed.replace(/=.*$/s, ''))
}

export function secretInArguments(option: string): InvalidInputError {
  return new InvalidInputError(`${option} would show the secret to every user of this machine`, {
    code: 'SECRET_IN_ARGUMENTS',
    hint: 'use --password-file <path>, or --password-file - to read standard input, or leave it out to be asked',
    details: { option },
  })
}

/**
 * `error: unknown option '--jsn'\n(Did you mean --json?)` becomes a message and a hint.
 *
 * @param reached - the verb that the words lead to, as far as they name one.
 */
export function usageError(error: CommanderError, reached: Command): InvalidInputError {
  const verb = verbOf(reached)
  const stray = strayOperand(reached)
  if (error.code === 'commander.excessArguments' && stray !== undefined) return unknownVerb(stray, reached)
  const [complaint = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n')
  const help = verb === '' ? 'mantissa --help' : `mantissa ${verb} --help`
  const hint = suggestion === '' ? help : suggestion.replace(/^\(Did you mean /, 'did you mean ').replace(/\)$/, '')
  return new InvalidInputError(withoutValue(complaint), { code: 'USAGE', hint, details: { verb } })
}

/** What was taken for an operand of a group's default verb, where it can only have been meant as a verb. */
function strayOperand({ commands }: Command): string | undefined {
  return commands.flatMap(({ args }) => args)[0]
}

function unknownVerb(word: string, group: Command): InvalidInputError {
  const verb = verbOf(group)
  const near = nearestNames(
    word,
    group.commands.map(each => each.name()),
  )
  const hint = didYouMean(near) || `mantissa ${verb} --help`
  return new InvalidInputError(`unknown command '${word}'`, { code: 'USAGE', hint, details: { verb } })
}

/** A misspelt option may carry a secret after its `=`. */
function withoutValue(complaint: string): string {
  return complaint.replace(/^(unknown option '[^'=]*)=.*'$/s, "$1'")
}
