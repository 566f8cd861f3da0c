import type { Command } from 'commander'
import { InvalidInputError } from '../base/errors.js'
import type { CliEnv } from './cli-env.js'
import { type GlobalOptions, globalOptionsOf } from './global-options.js'
import { printableOn } from './printer/printable.js'
import { type Printer, printerFor } from './printer/printer.js'
import { isChanging } from './verb-kinds.js'

/** What the frame gives to a command's `run`: the machine, the options of every verb, and where results go. */
export interface CommandContext {
  readonly env: CliEnv
  readonly options: GlobalOptions
  readonly printer: Printer
  /** The verb as typed: `login-method add`. */
  readonly verb: string
  /** The verb's operands and options for the audit log; it holds no secret because none can be typed there. */
  readonly given: Readonly<Record<string, string>>
}

/** Called by a command's action, with commander's last argument. */
export function contextFor(env: CliEnv, command: Command): CommandContext {
  const options = globalOptionsOf(command)
  if (options.dryRun && !isChanging(command)) {
    throw new InvalidInputError(`${verbOf(command)} changes nothing, so it has no --dry-run`, {
      hint: 'leave --dry-run out',
    })
  }
  if (options.journalMode !== undefined && !isChanging(command)) {
    throw new InvalidInputError(`${verbOf(command)} changes nothing, so it has no --journal-mode`, {
      hint: 'leave --journal-mode out',
    })
  }
  return { env, options, printer: printerFor(env, options), verb: verbOf(command), given: givenTo(command) }
}

/** A remark of one line for a person, on standard error; `--quiet` silences it. */
export async function note({ env, options }: CommandContext, text: string): Promise<void> {
  if (!options.quiet) await env.stderr.write(`${printableOn(env, env.stderr)(text)}\n`)
}

/** A remark that only `--verbose` shows. */
export async function detail(context: CommandContext, text: string): Promise<void> {
  if (context.options.verbose) await note(context, text)
}

export function verbOf(command: Command): string {
  const names: string[] = []
  for (let each: Command | null = command; each?.parent; each = each.parent) names.unshift(each.name())
  return names.join(' ')
}

function givenTo(command: Command): Record<string, string> {
  const operands = command.registeredArguments.map((argument, index) => [argument.name(), command.args[index]])
  const rest = command.args.slice(command.registeredArguments.length).join(' ')
  const flags = Object.entries<unknown>(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli')
  return Object.fromEntries(
    [...operands, ...(rest === '' ? [] : [['more', rest]]), ...flags]
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [String(name), textOf(value)]),
  )
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each))
    : String(value)
}
