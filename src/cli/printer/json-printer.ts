import type { CliEnv } from '../cli-env.js'
import { rowAsJson, type View } from '../view.js'
import { ChunkedOutput } from './chunked-output.js'
import { printableJson } from './printable.js'
import type { Printer, Rows } from './printer.js'

/** `--json` (one document) and `--jsonl` (one object a line). Lists are streamed in both. */
export class JsonPrinter implements Printer {
  readonly #env: CliEnv
  readonly #lines: boolean

  constructor(env: CliEnv, lines: boolean) {
    this.#env = env
    this.#lines = lines
  }

  async list<Row>(view: View<Row>, rows: Rows<Row>): Promise<void> {
    const output = new ChunkedOutput(this.#env.stdout)
    let written = 0
    for await (const row of rows) {
      await output.write(`${this.#separator(written)}${printableJson(rowAsJson(view, row))}${this.#lines ? '\n' : ''}`)
      written++
    }
    if (!this.#lines) await output.write(written === 0 ? '[]\n' : '\n]\n')
    await output.flush()
  }

  async record<Row>(view: View<Row>, row: Row): Promise<void> {
    await this.#env.stdout.write(`${printableJson(rowAsJson(view, row), this.#lines ? 0 : 2)}\n`)
  }

  async outcome<Row>(view: View<Row>, row: Row): Promise<void> {
    await this.record(view, row)
  }

  async document<Row>(view: View<Row>, row: Row): Promise<void> {
    await this.record(view, row)
  }

  async secret(label: string, secret: string): Promise<void> {
    await this.#env.stderr.write(`${label}: ${secret}\n`)
  }

  #separator(written: number): string {
    if (this.#lines) return ''
    return written === 0 ? '[\n  ' : ',\n  '
  }
}
