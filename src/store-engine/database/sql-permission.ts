/**
 * What a person may have SQLite do with a store. A connection that is open for reading only is not enough: `VACUUM INTO`
 * writes a new file from it, and `ATTACH` opens others. And a statement that ends the transaction would take the rest of
 * a script out of it, and the write fence with it. So what is not known to stay inside is refused.
 */
import { StatementRefusedError } from '../errors.js'
import type { TypedStatement } from './sql-script.js'

const READING = new Set(['SELECT', 'VALUES', 'WITH'])
const WRITING = new Set(['INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'REINDEX', 'ANALYZE'])
const ENDING = new Set(['BEGIN', 'COMMIT', 'END', 'ROLLBACK', 'SAVEPOINT', 'RELEASE'])
const LEAVING = new Set(['ATTACH', 'DETACH', 'VACUUM'])

/** Pragmas that only tell, whatever stands in their parentheses. */
const TELLING_OF_SOMETHING = new Set([
  ...['TABLE_INFO', 'TABLE_XINFO', 'TABLE_LIST', 'INDEX_LIST', 'INDEX_INFO', 'INDEX_XINFO', 'FOREIGN_KEY_LIST'],
  ...['INTEGRITY_CHECK', 'QUICK_CHECK', 'FOREIGN_KEY_CHECK'],
])
/** Pragmas that tell, and change something when they are given a value. */
const TELLING = new Set([
  ...['COMPILE_OPTIONS', 'DATABASE_LIST', 'COLLATION_LIST', 'FUNCTION_LIST', 'MODULE_LIST', 'PRAGMA_LIST'],
  ...['JOURNAL_MODE', 'USER_VERSION', 'APPLICATION_ID', 'SCHEMA_VERSION', 'DATA_VERSION', 'ENCODING'],
  ...['PAGE_COUNT', 'PAGE_SIZE', 'FREELIST_COUNT', 'AUTO_VACUUM', 'SYNCHRONOUS', 'FOREIGN_KEYS', 'CACHE_SIZE'],
])

/** Whether the statement may be run; what begins with an unknown word may be compiled, to hear what is wrong with it. */
export function isKnown({ beginning }: TypedStatement): boolean {
  const { verb } = verbOf(beginning)
  return READING.has(verb) || WRITING.has(verb) || verb === 'PRAGMA'
}

/**
 * To be asked before the statement is compiled, since some pragmas act at that.
 *
 * @throws StatementRefusedError for what would end the transaction or leave the store, and unless `mayWrite` for what
 *   writes.
 */
export function assertPermitted(statement: TypedStatement, mayWrite: boolean): void {
  const { verb, isExplained, rest } = verbOf(statement.beginning)
  if (statement.text.includes('\0')) throw new StatementRefusedError('the statement holds U+0000', 'leave it out')
  if (ENDING.has(verb))
    throw new StatementRefusedError(
      `${verb} would break out of the transaction`,
      'leave it out: with --write all statements are one transaction',
    )
  if (LEAVING.has(verb))
    throw new StatementRefusedError(`${verb} would reach beyond the store`, 'leave it out: one store at a time')
  if (verb === 'PRAGMA' && !isTelling(rest))
    throw new StatementRefusedError(
      `PRAGMA ${rest.join(' ').toLowerCase()} does more than tell something`,
      'leave it out: settings of the database cannot be changed here, with --write neither',
    )
  if (WRITING.has(verb) && !isExplained && !mayWrite) throw writesError(verb)
}

/** For a statement that SQLite knows to write although its first word does not say so. */
export function writesError(verb: string): StatementRefusedError {
  return new StatementRefusedError(
    `${verb} would change the store, which is open for reading only`,
    'give --write to change it',
  )
}

interface Verb {
  readonly verb: string
  /** EXPLAIN does nothing of what it explains, but for pragmas. */
  readonly isExplained: boolean
  readonly rest: readonly string[]
}

function verbOf(beginning: readonly string[]): Verb {
  const isExplained = beginning[0] === 'EXPLAIN'
  const skipped = isExplained ? (beginning[1] === 'QUERY' ? 3 : 1) : 0
  return { verb: beginning[skipped] ?? '', isExplained, rest: beginning.slice(skipped + 1) }
}

/** `name`, `schema.name` or either with something in parentheses. */
function isTelling(rest: readonly string[]): boolean {
  const [name = '', ...value] = rest[1] === '.' ? rest.slice(2) : rest
  if (value.length === 0) return TELLING.has(name) || TELLING_OF_SOMETHING.has(name)
  return value[0] === '(' && TELLING_OF_SOMETHING.has(name)
}
