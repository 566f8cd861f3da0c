import type { AddHelpTextContext } from 'commander'
import { foldLines } from './fold-lines.js'

/**
 * The block of examples below a verb's help. Each is a whole command line without the leading `mantissa`; the tests run
 * every one of them, so an example cannot rot.
 */
export function examples(...commandLines: readonly string[]): string {
  return `\nExamples:\n${commandLines.map(line => `  $ mantissa ${line}\n`).join('')}`.trimEnd()
}

/** Paragraphs above the examples, for what the options alone do not tell; folded to the width of the terminal. */
export function remarks(text: string): (context: AddHelpTextContext) => string {
  const paragraphs = text.replace(/(?<=\S)\n(?=\S)/g, ' ')
  return ({ command }) =>
    `\n${foldLines(paragraphs, Math.min(80, command.configureOutput().getOutHelpWidth?.() ?? 80))}`
}
