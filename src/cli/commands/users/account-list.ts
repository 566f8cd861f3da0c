/**
 * Reading lists of accounts to create: CSV with a header, or one JSON object a line.
 *
 * The list is read as it comes and never held. A header that names a column nobody knows is refused before anything is
 * created (a misspelt `pasword` would else make ten thousand accounts without one); a line that cannot be read is an
 * error of that line.
 */
import type { Readable } from 'node:stream'
import { CsvError, type Parser, parse } from 'csv-parse'
import { InvalidInputError, type MantissaError } from '../../../base/errors.js'

export type ListFormat = 'csv' | 'jsonl'

/** A line as written; values are text in CSV and anything in JSON. */
export interface ListedLine {
  readonly line: number
  readonly fields: Readonly<Record<string, unknown>> | MantissaError
}

export const COLUMNS = ['address', 'password', 'passwordHash', 'protocol', 'internal', 'verified', 'disabled'] as const

/** The lines of a list. @throws InvalidInputError (`ACCOUNT_LIST`) where its header cannot be meant. */
export function readAccountList(input: Readable, format: ListFormat): AsyncIterable<ListedLine> {
  return format === 'csv' ? readCsv(input) : readJsonLines(input)
}

/** `users.csv` and `users.jsonl` tell by their names. */
export function formatOfList(name: string, given: string | undefined): ListFormat {
  const format = given ?? (/\.(jsonl|ndjson|json)$/i.test(name) ? 'jsonl' : 'csv')
  if (format === 'csv' || format === 'jsonl') return format
  throw new InvalidInputError(`${JSON.stringify(format)} is no format of lists`, {
    code: 'ACCOUNT_LIST',
    hint: 'use --format csv or --format jsonl',
  })
}

/**
 * Where the list stops being CSV, what follows cannot be parted into lines: that is the last line told. Accounts of
 * lines before it may exist already, so only a list that begins with such a fault is refused as a whole.
 */
async function* readCsv(input: Readable): AsyncGenerator<ListedLine> {
  const ready: ListedLine[] = []
  const parser = csvParser(ready)
  let last = 0
  try {
    for await (const chunk of input) {
      await feed(parser, chunk as Buffer)
      for (const line of ready.splice(0)) yield line
      last = parser.info.lines
    }
    await feed(parser, null)
    yield* ready
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const fault = faulty(`the list is no CSV from here on: ${error.message}`)
    if (last === 0 && ready.length === 0) throw fault
    yield* ready
    yield { line: parser.info.lines, fields: fault }
  }
}

/** Its records go into `ready` as they are read, and nowhere else: a stream would drop them when it fails. */
function csvParser(ready: ListedLine[]): Parser {
  const parser = parse({
    bom: true,
    columns: header => checkHeader(header as string[]),
    on_record: (record: Record<string, string>, { lines, error }) => {
      const fault = error && faulty(`the line ${lines} has too many or too few columns`)
      ready.push({ line: lines, fields: fault ?? withoutEmpty(record) })
      return null
    },
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  })
  return parser.on('error', () => {}).resume()
}

/** Resolves when the parser has read the chunk, or its end for null. @throws CsvError, and what the header is refused with. */
function feed(parser: Parser, chunk: Buffer | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(error) : resolve())
    if (chunk === null) parser.end(done)
    else parser.write(chunk, done)
  })
}

async function* readJsonLines(input: Readable): AsyncGenerator<ListedLine> {
  const { createInterface } = await import('node:readline')
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  let line = 0
  for await (const text of lines) {
    line += 1
    if (text.trim() !== '') yield { line, fields: readObject(text, line) }
  }
  if (input.errored) throw input.errored
}

function readObject(text: string, line: number): Record<string, unknown> | MantissaError {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return faulty(`line ${line} is no object`)
    const unknown = Object.keys(value).find(key => !isColumn(key))
    return unknown === undefined ? { ...value } : unknownColumn(unknown)
  } catch {
    return faulty(`line ${line} is no JSON`)
  }
}

function checkHeader(header: readonly string[]): string[] {
  const names = header.map(name => (name === 'password_hash' ? 'passwordHash' : name))
  const unknown = names.find(name => !isColumn(name))
  if (unknown !== undefined) throw unknownColumn(unknown)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw faulty(`the list has the column ${twice} twice`)
  if (!names.includes('address')) throw faulty('the list has no column "address"')
  return names
}

function isColumn(name: string): boolean {
  return COLUMNS.some(column => column === name)
}

/** An empty cell says nothing. */
function withoutEmpty(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ''))
}

function unknownColumn(name: string): InvalidInputError {
  return faulty(`the list has a column ${JSON.stringify(name.slice(0, 40))} that means nothing here`)
}

function faulty(message: string): InvalidInputError {
  const hint = `columns are ${COLUMNS.join(', ')}; the first line of a CSV names them`
  return new InvalidInputError(message, { code: 'ACCOUNT_LIST', hint })
}
