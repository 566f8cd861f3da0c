/**
 * One invocation: legacy spellings are translated, secrets refused, the verb is run, and whatever it throws becomes two
 * lines and an exit code. This is the only `catch` of the command line.
 */
import { type Command, CommanderError } from 'commander'
import type { CliEnv } from './cli-env.js'
import { globalOptionsOf } from './global-options.js'
import { translateLegacy } from './legacy-aliases.js'
import { printable } from './printer/printable.js'
import { buildProgram } from './program.js'
import { reportError } from './report-error.js'
import { refuseSecrets, usageError } from './usage-errors.js'

export async function runProgram(argv: readonly string[], env: CliEnv): Promise<number> {
  const help: string[] = []
  try {
    refuseSecrets(argv)
    const program = buildProgram(env)
    collectHelp(program, help)
    program.hook('preAction', (_program, verb) => traceWhenDebugging(verb, env))
    const finish = await parse(program, translateLegacy(argv))
    if (help.length > 0) await env[finish === 0 ? 'stdout' : 'stderr'].write(help.join(''))
    return finish
  } catch (error) {
    return await reportError(error, env, errorStyle(argv))
  }
}

/** Returns the exit code of a run that ended well or showed help; throws whatever else happened. */
async function parse(program: Command, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' })
    return 0
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return 0
    if (error.code === 'commander.help') return 2
    throw usageError(error, reachedBy(argv, program))
  }
}

/** The verb that the words lead to, as far as they name one. */
function reachedBy(argv: readonly string[], program: Command): Command {
  let reached = program
  for (const word of argv) reached = reached.commands.find(each => each.name() === word) ?? reached
  return reached
}

function collectHelp(command: Command, help: string[]): void {
  const collect = (text: string): void => void help.push(text)
  command.configureOutput({ writeOut: collect, writeErr: collect, outputError: () => {} })
  for (const each of command.commands) collectHelp(each, help)
}

/** With `--debug` every SQL statement is told on standard error, without its values. */
async function traceWhenDebugging(verb: Command, env: CliEnv): Promise<void> {
  if (!globalOptionsOf(verb).debug) return
  const { traceSql } = await import('../store-engine/database/sql-trace.js')
  const tell = (sql: string, directory: string | null): Promise<void> =>
    env.stderr.write(`${printable(`sql ${directory ?? '(memory)'}: ${sql.replace(/\s+/g, ' ').trim()}`)}\n`)
  traceSql((sql, directory) => void tell(sql, directory).catch(() => {}))
}

/** Read without commander, because its reading may be what failed. */
function errorStyle(argv: readonly string[]): { json: boolean; debug: boolean; colour: boolean } {
  const end = argv.indexOf('--')
  const options = new Set(end < 0 ? argv : argv.slice(0, end))
  return {
    json: options.has('--json') || options.has('--jsonl'),
    debug: options.has('--debug'),
    colour: !options.has('--no-color'),
  }
}
