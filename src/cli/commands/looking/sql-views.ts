import type { SqlRow } from '../../../store-engine/database/sql-value.js'
import type { DeedStatus } from '../../deed-status.js'
import { printable } from '../../printer/printable.js'
import { rowAsJson, type View } from '../../view.js'
import { distinctNames } from './distinct-names.js'
import { shownValue } from './stored-value.js'

/** The rows of a statement: its columns are the keys, a name that comes again gets a number. */
export function sqlRowView(columns: readonly string[]): View<SqlRow> {
  const keys = distinctNames(columns)
  return new Map(
    keys.map((key, index) => [key, { title: printable(key), value: (row: SqlRow) => shownValue(row[index] ?? null) }]),
  )
}

export interface SqlOutcome {
  readonly status: DeedStatus
  /** Rows inserted, changed and deleted by all statements together. */
  readonly changes: number
  readonly results: readonly SqlRows[]
}

/** What one statement returned. */
export interface SqlRows {
  readonly columns: readonly string[]
  readonly rows: readonly SqlRow[]
}

export const sqlOutcomeView: View<SqlOutcome> = {
  status: { title: 'status', value: ({ status }) => status },
  changes: { title: 'rows changed', value: ({ changes }) => changes },
  rows: {
    title: 'rows returned',
    value: ({ results }) =>
      results.flatMap(({ columns, rows }) => {
        const view = sqlRowView(columns)
        return rows.map(row => rowAsJson(view, row))
      }),
    jsonOnly: true,
  },
}
