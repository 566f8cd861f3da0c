import { type Command, InvalidArgumentError, Option } from 'commander'
import { InvalidInputError, NotFoundError } from '../../../base/errors.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { type LogLine, logLineInWords, logView, parseLogLine } from './log-line.js'
import { siteOfNode } from './look-at-node.js'

export interface LogsOptions {
  readonly lines?: number
  readonly follow?: boolean
  readonly level?: string
}

type Lines = Iterable<string> | AsyncIterable<string>

const LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error']
const LINES = 50

export function logsCommand(program: Command, env: CliEnv, run = runLogs): Command {
  return program
    .command('logs')
    .summary('show what the node of a site has logged')
    .addOption(new Option('--lines <number>', 'how many of the last lines (default: 50)').argParser(parseCount))
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .addOption(new Option('--level <level>', 'only lines of this level and worse').choices(LEVELS))
    .addHelpText('after', examples('logs --level warn', 'logs --lines 200 --jsonl'))
    .action((flags: LogsOptions, command: Command) => run(flags, contextFor(env, command)))
}

/** Prints the end of the log, also while no node runs. A site whose node has never logged has an empty one. */
export async function runLogs(options: LogsOptions, context: CommandContext): Promise<void> {
  const { lines = LINES, follow = false, level = 'debug' } = options
  if (follow && context.options.json) {
    throw new InvalidInputError('one JSON document cannot go on for ever', { code: 'USAGE', hint: 'use --jsonl' })
  }
  const { followLog, lastLogLines } = await import('../../../node/read-log.js')
  const file = await logFileOf(await siteOfNode(context))
  const isShown = atLeast(level)
  const kept = lastLogLines(file, lines, isShown)
  const { signal } = context.env.interruption
  using _announced = follow ? context.env.interruption.announce('no longer followed') : undefined
  const shown = follow ? followLog(file, { kept, isShown, signal }) : kept.lines
  if (isForPerson(context)) await tell(shown, context)
  else await context.printer.list(logView, parsed(shown), { empty: 'nothing was logged' })
}

/** A table would wait for a page of lines, and grow too wide. */
function isForPerson({ env, options }: CommandContext): boolean {
  return env.stdout.isTerminal && !options.plain && !options.json && !options.jsonl
}

async function tell(lines: Lines, { env, options }: CommandContext): Promise<void> {
  const { loadPalette, wantsColour } = await import('../../printer/colour.js')
  const { printableOn } = await import('../../printer/printable.js')
  const { fault, advice } = await loadPalette(wantsColour(env, env.stdout, options.color))
  const printable = printableOn(env, env.stdout)
  for await (const line of parsed(lines)) {
    const text = printable(`${line.time.slice(0, 10)} ${logLineInWords(line)}`)
    await env.stdout.write(`${line.level === 'error' ? fault(text) : line.level === 'warn' ? advice(text) : text}\n`)
  }
}

async function logFileOf(siteDirectory: string): Promise<string> {
  const { defaultLogFile, readNodeFacts } = await import('../../../node/node-place.js')
  const facts = readNodeFacts(siteDirectory)
  if (facts?.logFile !== null) return facts?.logFile ?? defaultLogFile(siteDirectory)
  throw new NotFoundError('the node logs to its standard output', {
    code: 'NO_LOG_FILE',
    hint: 'ask whoever started it; under systemd: journalctl -u <unit>',
    details: { site: siteDirectory },
  })
}

function atLeast(level: string): (line: string) => boolean {
  const lowest = LEVELS.indexOf(level)
  return line => LEVELS.indexOf(parseLogLine(line).level) >= lowest || lowest === 0
}

async function* parsed(lines: Lines): AsyncGenerator<LogLine> {
  for await (const line of lines) yield parseLogLine(line)
}

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new InvalidArgumentError('a number')
}
