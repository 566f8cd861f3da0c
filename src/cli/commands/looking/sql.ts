import type { Command } from 'commander'
import { addStoreOptions, type StoreChoice } from '../../chosen-store.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { changing } from '../../verb-kinds.js'
import { refuseOptionsOfWriting } from './reading-only.js'

export interface SqlOptions extends StoreChoice {
  readonly statement?: string
  readonly file?: string
  readonly param?: readonly string[]
  readonly write?: boolean
}

const REMARKS = `The store is opened for reading only, and what would reach beyond it (ATTACH, VACUUM INTO, pragmas that change
something) is refused. Several statements are parted by semicolons; with --json one of them may return rows. Ctrl-C stops a statement, also one without end.

With --write all statements are one transaction of the store, which the write fence has to allow: either all of them
happen or none. Statements that end a transaction are refused. Nobody checks what the items mean: a row that is written
past the engine needs its row in axiom_objects too. The audit log of the site keeps the text of the statements without the
parameters. A dry run does it all, prints how many rows would change, and rolls back.

A parameter is given as --param name=value for :name; a value that SQL would read as a number, null, x'00ff' or 'text' is
that, anything else is text. Bytes are printed in hexadecimal. Secrets are printed as everything else is.`

export function sqlCommand(program: Command, env: CliEnv, run = runSql): Command {
  return addStoreOptions(
    changing(program.command('sql'))
      .summary('ask the database of a store in SQL, or change it')
      .argument('[statement]', 'what to run; "-" reads it from standard input')
      .option('--file <path>', 'read the statements from a file; "-" is standard input')
      .option('--param <name=value>', 'the value of :name (repeatable)', collect)
      .option('--write', 'change the store, in one transaction'),
  )
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples(
        'sql "SELECT typename, version FROM axiom_types"',
        'sql --user alice@example.com "SELECT count(*) AS items FROM axiom_objects" --json',
        'sql "SELECT * FROM item_login_method_v2 WHERE localpart = :name" --param name=alice',
        `sql --write --dry-run "UPDATE item_login_v3 SET disabled = 1 WHERE oid = 1"`,
      ),
    )
    .action((statement: string | undefined, flags: Omit<SqlOptions, 'statement'>, command: Command) =>
      run({ ...flags, ...(statement === undefined ? {} : { statement }) }, contextFor(env, command)),
    )
}

/** Runs what was typed and prints its rows, or what it has changed. */
export async function runSql(options: SqlOptions, context: CommandContext): Promise<void> {
  if (!options.write) refuseOptionsOfWriting(context)
  const { readStatements } = await import('./sql-source.js')
  const source = await readStatements(options, context)
  if (options.write) await (await import('./write-sql.js')).writeSql(source, options, context)
  else await (await import('./read-sql.js')).readSql(source, options, context)
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
