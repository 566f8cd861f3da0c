import type { CliEnv } from '../cli-env.js'
import { rowAsText, type View, visibleColumns } from '../view.js'
import { loadPalette, wantsColour } from './colour.js'
import { printableOn } from './printable.js'
import type { ListOptions, Printer, Rows } from './printer.js'

/** Rows that are looked at before the widths of a table are fixed. */
const PAGE = 200

/** For people: tables, `title: value` lines and sentences. */
export class TerminalPrinter implements Printer {
  readonly #env: CliEnv
  readonly #quiet: boolean
  readonly #colour: boolean
  readonly #printable: (text: string) => string

  constructor(env: CliEnv, options: { readonly quiet: boolean; readonly colour: boolean }) {
    this.#env = env
    this.#quiet = options.quiet
    this.#colour = wantsColour(env, env.stdout, options.colour)
    this.#printable = printableOn(env, env.stdout)
  }

  async list<Row>(view: View<Row>, rows: Rows<Row>, options: ListOptions): Promise<void> {
    const { TableWriter } = await import('./table-writer.js')
    const palette = await loadPalette(this.#colour)
    const columns = visibleColumns(view).map(([, column]) => ({ ...column, title: this.#printable(column.title) }))
    const table = new TableWriter(columns, { width: this.#env.stdout.columns, palette })
    let page: string[][] = []
    for await (const row of rows) {
      page.push(rowAsText(view, row).map(this.#printable))
      if (page.length < PAGE) continue
      await this.#env.stdout.write(table.render(page))
      page = []
    }
    if (page.length > 0) await this.#env.stdout.write(table.render(page))
    if (table.rendered === 0 && !this.#quiet) await this.#env.stderr.write(`${options.empty}\n`)
  }

  async record<Row>(view: View<Row>, row: Row): Promise<void> {
    const { heading } = await loadPalette(this.#colour)
    const texts = rowAsText(view, row)
    const columns = visibleColumns(view)
    const width = Math.max(...columns.map(([, column]) => column.title.length)) + 2
    const lines = columns.flatMap(([, { title, lines: below }], index) => {
      const [first = '-', ...further] = below?.(row) ?? [texts[index] || '-']
      const start = `${heading(`${title}:`.padEnd(width))}${this.#printable(first)}\n`
      return [start, ...further.map(each => `${' '.repeat(width)}${this.#printable(each)}\n`)]
    })
    await this.#env.stdout.write(lines.join(''))
  }

  async outcome<Row>(_view: View<Row>, _row: Row, ...sentences: readonly string[]): Promise<void> {
    if (this.#quiet) return
    await this.#env.stdout.write(sentences.map(sentence => `${this.#printable(sentence)}\n`).join(''))
  }

  async document<Row>(_view: View<Row>, _row: Row, text: string): Promise<void> {
    await this.#env.stdout.write(text)
  }

  async secret(label: string, secret: string): Promise<void> {
    await this.#env.stdout.write(`${label}: ${secret}\n`)
  }
}
