/**
 * Standard output is the result. A command hands rows and a view to the printer and knows nothing of formats:
 *
 * - on a terminal a table without rules, measured on the first page of rows and then streamed;
 * - in a pipe, or with `--plain`, tab-separated lines without a header;
 * - with `--json` one document, an array for a list and an object for one thing; with `--jsonl` one object a line.
 *
 * No form collects a whole list: memory does not grow with the number of rows, and the first line does not wait for
 * the last. Everything that is not the result (notes, progress, errors) goes to standard error, and `--quiet` silences
 * all of it but errors.
 */
import type { CliEnv } from '../cli-env.js'
import type { GlobalOptions } from '../global-options.js'
import type { View } from '../view.js'
import { JsonPrinter } from './json-printer.js'
import { LinePrinter } from './line-printer.js'
import { TerminalPrinter } from './terminal-printer.js'

export type Rows<Row> = Iterable<Row> | AsyncIterable<Row>

export interface ListOptions {
  /** Told on a terminal's standard error when there are no rows, such as `no accounts`. */
  readonly empty: string
}

export interface Printer {
  /** All rows, in their order. An empty list is a success. */
  list<Row>(view: View<Row>, rows: Rows<Row>, options: ListOptions): Promise<void>
  /** Everything about one thing: one `title: value` line for each column. */
  record<Row>(view: View<Row>, row: Row): Promise<void>
  /** What a deed came to: sentences for a person, each on a line, and the row for a program. */
  outcome<Row>(view: View<Row>, row: Row, ...sentences: readonly string[]): Promise<void>
  /** A text for reading; the row is its JSON form. */
  document<Row>(view: View<Row>, row: Row, text: string): Promise<void>
  /** Shows a generated secret, once. It is never part of a JSON document: there it goes to standard error. */
  secret(label: string, secret: string): Promise<void>
}

/** Chooses the form. Loads no table printer and no colour before a table is printed. */
export function printerFor(env: CliEnv, options: GlobalOptions): Printer {
  if (options.json || options.jsonl) return new JsonPrinter(env, options.jsonl)
  if (options.plain || !env.stdout.isTerminal) return new LinePrinter(env, options.quiet)
  return new TerminalPrinter(env, { quiet: options.quiet, colour: options.color })
}
