import type { CliEnv, OutputStream } from '../cli-env.js'

/**
 * Names in a store may have been chosen by a stranger. Control characters in them could rewrite what an administrator
 * sees on the terminal, or break one line of a list into two; they are printed as escapes instead.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** For one cell or one line: every control character, line breaks and tabs included, becomes an escape. */
export function printable(text: string): string {
  return text.replace(UNSAFE, escapeOf)
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
