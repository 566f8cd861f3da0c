import { type JsonValue, stringifyJson } from '../../base/json.js'
import type { CliEnv, OutputStream } from '../cli-env.js'

/**
 * Names in a store may have been chosen by a stranger. Control characters in them could rewrite what an administrator
 * sees on the terminal, or break one line of a list into two; they are printed as escapes instead. So is what no
 * screen shows, which would make one name look like another; but not what joins or varies the signs beside it.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufff9-\ufffb]|(?!\u034f|\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}])\p{Default_Ignorable_Code_Point}/gu

/** For one cell or one line: every control character, line breaks and tabs included, becomes an escape. */
export function printable(text: string): string {
  return text.replace(UNSAFE, escapeOf)
}

/** For a text of several lines: they stay, and all else becomes what {@link printable} makes of it. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

/** A JSON document in which the same characters are escaped, as JSON does it: it means what it meant. */
export function printableJson(value: JsonValue, indent = 0): string {
  return stringifyJson(value, indent).replace(UNSAFE, each => (each === '\n' ? each : unitsOf(each)))
}

/**
 * How to write text on that stream. A terminal whose locale is C or POSIX shows ASCII only, so there every other
 * character becomes an escape too; a file or pipe gets UTF-8 whatever the locale.
 */
export function printableOn(env: CliEnv, stream: OutputStream): (text: string) => string {
  const { LC_ALL, LC_CTYPE, LANG } = env.variables
  const locale = LC_ALL || LC_CTYPE || LANG || ''
  if (!stream.isTerminal || !/^(?:C|POSIX)$/.test(locale)) return printable
  return text => printable(text).replace(/[^\x20-\x7e]/gu, escapeOf)
}

function escapeOf(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\t') return '\\t'
  if (character === '\r') return '\\r'
  const code = character.codePointAt(0) ?? 0
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}

function unitsOf(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')
}
