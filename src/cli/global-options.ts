import { type Command, Option } from 'commander'
import type { JournalMode } from '../store-engine/database/journal-mode.js'

/** What every verb understands; the options work before and after the verb. */
export interface GlobalOptions {
  readonly site?: string
  readonly json: boolean
  readonly jsonl: boolean
  readonly plain: boolean
  /** False after `--no-color`. */
  readonly color: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly debug: boolean
  /** False after `--no-input`: no question is asked, as where there is no terminal. */
  readonly input: boolean
  readonly yes: boolean
  readonly dryRun: boolean
  /** The name typed back, for verbs declared with `severe`. */
  readonly confirm?: string
  /** How SQLite is to keep its journal in the stores that the verb opens for writing. */
  readonly journalMode?: JournalMode
}

const JOURNAL_MODES: readonly JournalMode[] = ['wal', 'delete', 'truncate', 'persist']

export function addGlobalOptions(program: Command): void {
  program
    .option('-d, --site <dir>', 'the site to work on; else $MANTISSA_SITE, else the only *.axiom here')
    .addOption(new Option('--dbdir <dir>', 'another spelling of --site').hideHelp())
    .option('--json', 'print one JSON document')
    .option('--jsonl', 'print one JSON object a line')
    .option('--plain', 'print tab-separated lines, also on a terminal')
    .option('--no-color', 'print without colour')
    .option('-q, --quiet', 'print nothing but results and errors')
    .option('-v, --verbose', 'say more on standard error')
    .option('--debug', 'print stack traces and SQL')
    .option('--no-input', 'never ask; fail where a question would be needed')
    .option('-y, --yes', 'answer yes to questions of the y/N kind')
    .option('-n, --dry-run', 'print what would be done, and do nothing')
    .addOption(
      new Option('--journal-mode <mode>', 'for verbs that write: how the stores keep their journal').choices(
        JOURNAL_MODES,
      ),
    )
    .helpOption('-h, --help', 'show this help')
}

/** Reads the options of one invocation, wherever they stood. */
export function globalOptionsOf(command: Command): GlobalOptions {
  const given: Partial<Record<string, unknown>> = command.optsWithGlobals()
  const site = textOf(given['site'] ?? given['dbdir'])
  const confirm = textOf(given['confirm'])
  const journalMode = JOURNAL_MODES.find(mode => mode === given['journalMode'])
  return {
    ...(site === undefined ? {} : { site }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(journalMode === undefined ? {} : { journalMode }),
    json: given['json'] === true,
    jsonl: given['jsonl'] === true,
    plain: given['plain'] === true,
    color: given['color'] !== false,
    quiet: given['quiet'] === true,
    verbose: given['verbose'] === true,
    debug: given['debug'] === true,
    input: given['input'] !== false,
    yes: given['yes'] === true,
    dryRun: given['dryRun'] === true,
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
