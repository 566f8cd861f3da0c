import { InvalidInputError } from '../../../base/errors.js'
import { assertPermitted } from '../../../store-engine/database/sql-permission.js'
import { openChosenStore } from '../../chosen-store.js'
import type { CommandContext } from '../../command-context.js'
import type { SqlOptions } from './sql.js'
import type { SqlSource } from './sql-source.js'
import { sqlRowView } from './sql-views.js'

/** Runs statements that change nothing, one after the other, and streams their rows. */
export async function readSql(source: SqlSource, options: SqlOptions, context: CommandContext): Promise<void> {
  for (const statement of source.statements) assertPermitted(statement, false)
  using chosen = await openChosenStore(context, options, { write: false })
  let lists = 0
  for (const statement of source.statements) {
    const { columns, rows } = chosen.store.typedSql.read(statement, source.parameters)
    if (columns.length === 0) continue
    lists += 1
    if (context.options.json && lists > 1) throw severalDocuments()
    await context.printer.list(sqlRowView(columns), rows, { empty: 'no rows' })
  }
}

function severalDocuments(): InvalidInputError {
  return new InvalidInputError('several statements return rows, and --json prints one document', {
    code: 'USAGE',
    hint: 'give --jsonl, or run them one by one',
  })
}
