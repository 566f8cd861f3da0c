/**
 * Where a new password comes from: asked for twice without echo, read from a file or standard input, or made here.
 * Never from the arguments or the environment, where others could read it.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import type { Command } from 'commander'
import { assertFitPassword, generatePassword } from '../accounts/password-text.js'
import { InvalidInputError, NotFoundError } from '../base/errors.js'
import type { CommandContext } from './command-context.js'
import { requirePerson } from './person.js'

export interface PasswordFlags {
  readonly passwordFile?: string
  readonly generate?: boolean
}

export interface NewPassword {
  readonly text: string
  /** Made here; the command shows it once with `printer.secret`. */
  readonly generated: boolean
}

const ATTEMPTS = 3

export function addPasswordOptions(command: Command): Command {
  return command
    .option('--password-file <path>', 'read the password from a file ("-": the first line of standard input)')
    .option('--generate', 'make a password and print it once')
}

/** The new password for `subject`, from whichever source the flags name. Empty passwords are refused. */
export async function newPassword(
  context: CommandContext,
  flags: PasswordFlags,
  subject: string,
): Promise<NewPassword> {
  if (flags.generate && flags.passwordFile !== undefined) {
    throw new InvalidInputError('--generate and --password-file exclude each other', { hint: 'give one of them' })
  }
  if (flags.generate) return { text: generatePassword(), generated: true }
  const typed =
    flags.passwordFile === undefined
      ? await askTwice(context, subject)
      : await readPassword(context, flags.passwordFile)
  assertFitPassword(typed)
  return { text: typed, generated: false }
}

/** An existing password, asked for once or read from where the flag says. */
export async function existingPassword(
  context: CommandContext,
  flags: PasswordFlags,
  subject: string,
): Promise<string> {
  if (flags.passwordFile !== undefined) return await readPassword(context, flags.passwordFile)
  requirePerson(context, `Password for ${subject}`, '--password-file <path>')
  return await context.env.prompts.password(`Password for ${subject}:`)
}

async function askTwice(context: CommandContext, subject: string): Promise<string> {
  requirePerson(context, `New password for ${subject}`, '--password-file <path> or --generate')
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const first = await context.env.prompts.password(`New password for ${subject}:`)
    if (first === (await context.env.prompts.password('The same again:'))) return first
    await context.env.stderr.write('The two differ.\n')
  }
  throw new InvalidInputError('the passwords differed three times; nothing was changed', { hint: 'run it again' })
}

async function readPassword(context: CommandContext, path: string): Promise<string> {
  const content =
    path === '-'
      ? await readAll(context.env.stdin.stream())
      : readFile(resolve(context.env.currentDirectory, path), path)
  return content.split(/\r?\n/, 1)[0] ?? ''
}

function readFile(absolute: string, typed: string): string {
  try {
    return readFileSync(absolute, 'utf8')
  } catch (cause) {
    throw new NotFoundError(`the password file ${typed} cannot be read`, {
      code: 'PASSWORD_FILE',
      hint: 'check the path and its permissions',
      details: { path: typed },
      cause,
    })
  }
}
