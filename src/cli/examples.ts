import { foldLines } from './fold-lines.js'

/**
 * The block of examples below a verb's help. Each is a whole command line without the leading `mantissa`; the tests run
 * every one of them, so an example cannot rot.
 */
export function examples(...commandLines: readonly string[]): string {
  return `\nExamples:\n${commandLines.map(line => `  $ mantissa ${line}\n`).join('')}`.trimEnd()
}

/** A paragraph above the examples, for what the options alone do not tell. */
export function remarks(text: string): string {
  return `\n${foldLines(text, 80)}`
}
