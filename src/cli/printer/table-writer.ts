/**
 * A table without rules: columns parted by two spaces, a bold heading, nothing that needs more than ASCII. The first
 * page fixes the widths; later pages keep them, so that a long list can be streamed. Where the terminal is too narrow
 * the widest columns give way and their text wraps: nothing is cut off. Where even that leaves no room (a phone, a
 * split window), every row becomes a block of `title: value` lines.
 */
import Table from 'cli-table3'
import type { Palette } from './colour.js'
import { displayWidth, wrapCell } from './display-width.js'

export interface Heading {
  readonly title: string
  readonly align?: 'left' | 'right'
  readonly isWhole?: true
}

const GAP = 2
const NARROWEST = 10
const NO_RULES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
}

export class TableWriter {
  readonly #headings: readonly Heading[]
  readonly #width: number
  readonly #palette: Palette
  #widths: readonly number[] | undefined
  #rendered = 0

  constructor(headings: readonly Heading[], options: { readonly width: number; readonly palette: Palette }) {
    this.#headings = headings
    this.#width = options.width
    this.#palette = options.palette
  }

  /** Rows so far. */
  get rendered(): number {
    return this.#rendered
  }

  /** The text of one more page, ending with a line break; the first page begins with the headings. */
  render(page: readonly (readonly string[])[]): string {
    this.#widths ??= fitWidths(this.#headings, page, this.#width)
    const text = this.#widths.length === 0 ? this.#blocks(page) : this.#table(page, this.#widths)
    this.#rendered += page.length
    return text
  }

  #table(page: readonly (readonly string[])[], widths: readonly number[]): string {
    const table = new Table({
      chars: NO_RULES,
      style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
      colWidths: [...widths],
      colAligns: this.#headings.map(({ align }) => align ?? 'left'),
    })
    if (this.#rendered === 0) table.push(this.#headings.map(({ title }) => this.#palette.heading(title.toUpperCase())))
    for (const row of page) table.push(row.map((text, index) => wrapCell(text, widths[index] ?? 0)))
    return `${table.toString().replace(/[ \t]+$/gm, '')}\n`
  }

  #blocks(page: readonly (readonly string[])[]): string {
    const blocks = page.map(row =>
      this.#headings.map(({ title }, index) => `${this.#palette.heading(`${title}:`)} ${row[index] ?? ''}\n`).join(''),
    )
    return `${this.#rendered === 0 ? '' : '\n'}${blocks.join('\n')}`
  }
}

/** The natural widths, or narrower ones that fit; an empty list when no table can be drawn in that width. */
function fitWidths(
  headings: readonly Heading[],
  page: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const widths = headings.map(({ title }, index) =>
    page.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? '')), title.length),
  )
  const room = width - GAP * (headings.length - 1)
  let excess = widths.reduce((sum, each) => sum + each, 0) - room
  while (excess > 0) {
    const widest = widestOf(headings, widths)
    const current = widths[widest] ?? 0
    if (current <= NARROWEST) return []
    widths[widest] = current - 1
    excess--
  }
  return widths
}

/** Of the columns that may give way; -1 where none may. */
function widestOf(headings: readonly Heading[], widths: readonly number[]): number {
  const ways = widths.map((width, index) => (headings[index]?.isWhole ? 0 : width))
  return Math.max(...ways) === 0 ? -1 : ways.indexOf(Math.max(...ways))
}
