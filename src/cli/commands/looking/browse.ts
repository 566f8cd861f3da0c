import { type Command, Option } from 'commander'
import { parseDuration } from '../../../base/duration-size.js'
import { InvalidInputError } from '../../../base/errors.js'
import { addStoreOptions, type StoreChoice } from '../../chosen-store.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { changing } from '../../verb-kinds.js'
import { refuseOptionsOfWriting } from './reading-only.js'

export interface BrowseOptions extends StoreChoice {
  readonly eval?: string
  readonly write?: boolean
  /** Milliseconds. */
  readonly revertAfter: number
  readonly historyFile?: string
  /** False after `--no-history`. */
  readonly history: boolean
}

/** Long enough to think, short enough for a site that waits. */
const PATIENCE = '60s'

const REMARKS = `At the prompt there are: store and site, every item type whose code is known by the name of its class and in
types by its name on disk, and/or/not, Timestamp and Decimal. The code of the site's installed offerings is loaded. The store is
opened for reading only.

With --write every line is one transaction: a line that throws has changed nothing. begin() opens a transaction that goes
on until commit() or revert(); until then nobody else can write the store, which is why it is reverted when nothing has been
typed for a while (--revert-after) and when you leave. So is a line that waits for what does not come. revert() also puts the items back that you hold in variables.

Without a terminal a script is read from standard input. A promise is waited for, also behind await. What it or --eval comes to is printed as util.inspect shows it,
or with --json as JSON.

Items are shown without the hashes of passwords and keys in them; an attribute that is asked for by its name is shown.

The lines that you type are kept in ~/.mantissa-browser-history, for you alone to read.`

export function browseCommand(program: Command, env: CliEnv, run = runBrowse): Command {
  return addStoreOptions(
    changing(program.command('browse'))
      .summary('a JavaScript prompt with a store open')
      .description('Open a store and work with its items in JavaScript: at a prompt, or with one expression.')
      .option('--eval <expression>', 'evaluate this, print what it comes to, and end')
      .option('--write', 'open the store for writing')
      .addOption(
        new Option('--revert-after <duration>', 'how long a transaction waits for input')
          .argParser(parseDuration)
          .default(parseDuration(PATIENCE), PATIENCE),
      )
      .option('--history-file <path>', 'where typed lines are kept')
      .option('--no-history', 'keep no typed lines'),
  )
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples(
        'browse',
        `browse --eval 'store.query(LoginMethod).toArray()'`,
        `browse --user alice@example.com --json --eval '({ notes: store.query(types.notes_note).count() })'`,
        `browse --write --eval 'store.findFirst(LoginMethod).verified = true'`,
      ),
    )
    .action((flags: BrowseOptions, command: Command) => run(flags, contextFor(env, command)))
}

/** Evaluates an expression, a script, or what a person types line by line. */
export async function runBrowse(options: BrowseOptions, context: CommandContext): Promise<void> {
  if (context.options.dryRun) {
    throw new InvalidInputError('browse has no --dry-run', {
      code: 'USAGE',
      hint: 'leave --write out, or try things between begin() and revert()',
    })
  }
  if (!options.write) refuseOptionsOfWriting(context)
  const { browse } = await import('./browse-store.js')
  await browse(options, context)
}
