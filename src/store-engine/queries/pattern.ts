import { ConstraintError } from '../errors.js'
import type { Scope } from './comparison.js'
import type { Source } from './source.js'

/** A column of text, as far as patterns know it. */
export interface TextColumn {
  readonly source: Source
  sqlName(): string
}

/** Text of the author's, or what a column holds. */
export type PatternPart = string | TextColumn

/** SQLite's own limit, in bytes. */
const LONGEST = 50_000

/** Text in which nothing is a wildcard. */
export function literally(part: PatternPart): PatternPart {
  return typeof part === 'string' ? part.replace(/[\\%_]/g, '\\$&') : part
}

/** @throws ConstraintError for a part that SQLite would cut off or refuse. */
export function assertPattern(parts: readonly PatternPart[], label: string): void {
  if (parts.length === 0) throw new ConstraintError(`a pattern for ${label} has no parts`)
  const texts = parts.filter(part => typeof part === 'string')
  if (texts.some(text => text.includes('\0') || !text.isWellFormed()))
    throw new ConstraintError(`a pattern for ${label} is text without U+0000 and half surrogate pairs`)
  if (parts.some(part => typeof part !== 'string' && typeof part?.sqlName !== 'function'))
    throw new ConstraintError(`a pattern for ${label} is made of text and columns`)
  if (Buffer.byteLength(texts.join('')) > LONGEST)
    throw new ConstraintError(`a pattern for ${label} has at most ${LONGEST} bytes`)
}

/** The parts joined. What a column holds matches literally: wildcards are for the author, not for the data. */
export function writePattern(parts: readonly PatternPart[], scope: Scope): string {
  return parts.map(part => (typeof part === 'string' ? scope.bind(part) : escaped(scope.column(part)))).join(' || ')
}

function escaped(column: string): string {
  return ['\\', '%', '_'].reduce((sql, each) => `replace(${sql}, '${each}', '\\${each}')`, column)
}
