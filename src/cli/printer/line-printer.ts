import type { CliEnv } from '../cli-env.js'
import { rowAsText, type View, visibleColumns } from '../view.js'
import { ChunkedOutput } from './chunked-output.js'
import { printable } from './printable.js'
import type { Printer, Rows } from './printer.js'

/** For pipes: one line a row, fields parted by tabs, no header. A tab or line break in a value is written as `\t`, `\n`. */
export class LinePrinter implements Printer {
  readonly #env: CliEnv
  readonly #quiet: boolean

  constructor(env: CliEnv, quiet: boolean) {
    this.#env = env
    this.#quiet = quiet
  }

  async list<Row>(view: View<Row>, rows: Rows<Row>): Promise<void> {
    const output = new ChunkedOutput(this.#env.stdout)
    for await (const row of rows) await output.write(lineOf(rowAsText(view, row)))
    await output.flush()
  }

  async record<Row>(view: View<Row>, row: Row): Promise<void> {
    const texts = rowAsText(view, row)
    const lines = visibleColumns(view).map(([key], index) => lineOf([key, texts[index] ?? '']))
    await this.#env.stdout.write(lines.join(''))
  }

  async outcome<Row>(view: View<Row>, row: Row): Promise<void> {
    if (!this.#quiet) await this.#env.stdout.write(lineOf(rowAsText(view, row)))
  }

  async document<Row>(_view: View<Row>, _row: Row, text: string): Promise<void> {
    await this.#env.stdout.write(text)
  }

  async secret(label: string, secret: string): Promise<void> {
    await this.#env.stdout.write(lineOf([label, secret]))
  }
}

function lineOf(fields: readonly string[]): string {
  return `${fields.map(printable).join('\t')}\n`
}
