import { type Html, type HtmlValue, html } from '../../base/html.js'

export interface TableColumn<Row> {
  readonly heading: string
  readonly cell: (row: Row) => HtmlValue
  readonly isNumber?: true
}

export interface Table<Row> {
  /** What the rows are, for those who do not see the page. */
  readonly caption: string
  readonly columns: readonly TableColumn<Row>[]
  readonly rows: readonly Row[]
  /** What is said where there are none. */
  readonly empty: string
}

/** A table; on a narrow screen each row is a card, whose lines begin with the headings. */
export function tableOf<Row>({ caption, columns, rows, empty }: Table<Row>): Html {
  if (rows.length === 0) return html`<p class="quiet">${empty}</p>`
  const headings = columns.map(({ heading, isNumber }) =>
    isNumber ? html`<th scope="col" class="number">${heading}</th>` : html`<th scope="col">${heading}</th>`,
  )
  return html`<table class="cards" aria-label="${caption}"><thead><tr>${headings}</tr></thead><tbody>
${rows.map(row => html`<tr>${columns.map(column => cellOf(column, row))}</tr>\n`)}</tbody></table>`
}

function cellOf<Row>({ heading, cell, isNumber }: TableColumn<Row>, row: Row): Html {
  const value = cell(row)
  return isNumber
    ? html`<td data-label="${heading}" class="number">${value}</td>`
    : html`<td data-label="${heading}">${value}</td>`
}

export interface Pages {
  readonly path: string
  /** What is to be the same on the other pages, such as what is searched. */
  readonly kept: Readonly<Record<string, string>>
  /** The last and the first row of this page, where there is something behind and before them. */
  readonly after?: number | undefined
  readonly before?: number | undefined
}

/** Links to the pages before and after; nothing where this is the only one. */
export function pager({ path, kept, after, before }: Pages): Html | null {
  const links = [
    ...(before === undefined
      ? []
      : [html`<a rel="prev" href="${address(path, { ...kept, before })}">Previous page</a>`]),
    ...(after === undefined ? [] : [html`<a rel="next" href="${address(path, { ...kept, after })}">Next page</a>`]),
  ]
  return links.length === 0
    ? null
    : html`<nav aria-label="Pages"><ul>${links.map(link => html`<li>${link}</li>`)}</ul></nav>`
}

/** A path with a query, without the parts that are empty. */
export function address(path: string, query: Readonly<Record<string, string | number>>): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== '') given.set(name, String(value))
  return given.size === 0 ? path : `${path}?${given}`
}

/** A moment (RFC 3339) to the second, in UTC, as the pages say; programs find the whole of it. */
export function timeOf(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`
}

/** A whole positive number of a query or a path; undefined for anything else. */
export function numberIn(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}
