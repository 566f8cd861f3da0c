import { assertPermitted } from '../../../store-engine/database/sql-permission.js'
import type { Store } from '../../../store-engine/store.js'
import { audited } from '../../audited.js'
import { givenChoice, openChosenStore } from '../../chosen-store.js'
import { type CommandContext, note } from '../../command-context.js'
import { confirmYes } from '../../confirmation.js'
import { counted } from '../../counted.js'
import { statusIn } from '../../deed-status.js'
import type { SqlOptions } from './sql.js'
import type { SqlSource } from './sql-source.js'
import { type SqlOutcome, type SqlRows, sqlOutcomeView, sqlRowView } from './sql-views.js'

/** Runs statements as one transaction of the store, after a question, and prints what they came to. */
export async function writeSql(source: SqlSource, options: SqlOptions, context: CommandContext): Promise<void> {
  for (const statement of source.statements) assertPermitted(statement, true)
  using chosen = await openChosenStore(context, options, { write: true })
  const { store, site } = chosen
  await confirmYes(context, `run this in ${store.describe()}?`, source.text.trim())
  const deed = () => runInTransaction(store, source, context)
  if (site === undefined) await note(context, `${store.describe()} belongs to no site: no audit log records this`)
  const given = { ...givenChoice(options), statement: source.text }
  const outcome = site === undefined ? deed() : await audited({ ...context, given }, site, deed)
  await printOutcome(outcome, context)
}

/** @throws StoreSealedError, StoreBusyError, and whatever a statement raises; nothing was changed. */
function runInTransaction(store: Store, { statements, parameters }: SqlSource, context: CommandContext): SqlOutcome {
  using _ = context.env.interruption.yieldToSignals()
  using transaction = store.begin()
  const before = store.typedSql.totalChanges
  const results: SqlRows[] = statements.map(statement => store.typedSql.write(statement, parameters))
  const changes = store.typedSql.totalChanges - before
  if (!context.options.dryRun) transaction.commit()
  return { status: statusIn(context, 'done'), changes, results: results.filter(({ columns }) => columns.length > 0) }
}

async function printOutcome(outcome: SqlOutcome, context: CommandContext): Promise<void> {
  const isJson = context.options.json || context.options.jsonl
  for (const { columns, rows } of isJson ? [] : outcome.results)
    await context.printer.list(sqlRowView(columns), rows, { empty: 'no rows' })
  const rows = counted(outcome.changes, 'row')
  const sentence = outcome.status === 'planned' ? `would change ${rows}; rolled back` : `changed ${rows}`
  await context.printer.outcome(sqlOutcomeView, outcome, sentence)
}
