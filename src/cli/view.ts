/**
 * A view names, once, what a verb shows: every key is a column of the table, a field of the tab-separated line and a
 * key of the `--json` object. Keys are a promise: they are added to, never renamed or taken away.
 */
import type { JsonValue } from '../base/json.js'

export interface Column<Row> {
  /** Heading for people. */
  readonly title: string
  /** What `--json` writes; null where nothing is known, never left out. */
  readonly value: (row: Row) => JsonValue
  /** What people and pipes read, where the bare value would read badly. */
  readonly text?: (row: Row) => string
  /** What a person reads below each other where one row is shown alone; empty: nothing is there. */
  readonly lines?: (row: Row) => readonly string[]
  readonly align?: 'left' | 'right'
  /** Never broken in two by a narrow table: something to be copied. */
  readonly isWhole?: true
  /** Only in JSON: facts for programs that would crowd a table. */
  readonly jsonOnly?: true
}

/** A map where the keys are known only when the rows are: unlike an object it keeps the order of keys such as `1`. */
export type View<Row> = Readonly<Record<string, Column<Row>>> | ReadonlyMap<string, Column<Row>>

/** The `--json` object of one row: all keys of the view, in its order. */
export function rowAsJson<Row>(view: View<Row>, row: Row): Record<string, JsonValue> {
  return Object.fromEntries(columnsOf(view).map(([key, column]) => [key, column.value(row)]))
}

/** One row as text, in the order of the visible columns. */
export function rowAsText<Row>(view: View<Row>, row: Row): string[] {
  return visibleColumns(view).map(([, column]) => cellText(column, row))
}

export function visibleColumns<Row>(view: View<Row>): [string, Column<Row>][] {
  return columnsOf(view).filter(([, column]) => column.jsonOnly === undefined)
}

function columnsOf<Row>(view: View<Row>): [string, Column<Row>][] {
  return view instanceof Map ? [...view] : Object.entries(view)
}

function cellText<Row>(column: Column<Row>, row: Row): string {
  return column.text === undefined ? valueAsText(column.value(row)) : column.text(row)
}

function valueAsText(value: JsonValue): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map(valueAsText).join(', ')
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([key, member]) => `${key}=${valueAsText(member)}`)
      .join(' ')
  return String(value)
}
