import { InvalidInputError } from '../../../base/errors.js'
import { assertPermitted } from '../../../store-engine/database/sql-permission.js'
import { openChosenStore } from '../../chosen-store.js'
import type { CommandContext } from '../../command-context.js'
import type { SqlOptions } from './sql.js'
import type { SqlSource } from './sql-source.js'
import { sqlRowView } from './sql-views.js'

/** Runs statements that change nothing, one after the other, and streams their rows; when one is wrong none is run. */
export async function readSql(source: SqlSource, options: SqlOptions, context: CommandContext): Promise<void> {
  for (const statement of source.statements) assertPermitted(statement, false)
  using chosen = await openChosenStore(context, options, { write: false })
  using _ = context.env.interruption.yieldToSignals()
  const { typedSql } = chosen.store
  const lists = source.statements
    .map(statement => typedSql.read(statement, source.parameters))
    .filter(({ columns }) => columns.length > 0)
  if (context.options.json && lists.length > 1) throw severalDocuments()
  for (const { columns, rows } of lists) await context.printer.list(sqlRowView(columns), rows, { empty: 'no rows' })
}

function severalDocuments(): InvalidInputError {
  return new InvalidInputError('several statements return rows, and --json prints one document', {
    code: 'USAGE',
    hint: 'give --jsonl, or run them one by one',
  })
}
