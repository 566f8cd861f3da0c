import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { InvalidInputError, NotFoundError } from '../../../base/errors.js'
import { parseSqlScript, type TypedStatement } from '../../../store-engine/database/sql-script.js'
import type { SqlParameters } from '../../../store-engine/database/typed-sql.js'
import type { CommandContext } from '../../command-context.js'
import type { SqlOptions } from './sql.js'
import { parseSqlParameters } from './sql-parameters.js'

/** What is to be run. */
export interface SqlSource {
  /** As it was typed. */
  readonly text: string
  readonly statements: readonly TypedStatement[]
  readonly parameters: SqlParameters
}

/** @throws InvalidInputError where no statement is given, or a parameter that no statement names. */
export async function readStatements(options: SqlOptions, context: CommandContext): Promise<SqlSource> {
  const text = await readText(options, context)
  const statements = parseSqlScript(text)
  if (statements.length === 0) throw nothingGiven('there is no statement in it')
  const parameters = parseSqlParameters(options.param ?? [])
  const unknown = Object.keys(parameters).find(name => !statements.some(each => each.parameters.has(name)))
  if (unknown !== undefined) {
    throw new InvalidInputError(`no statement has a parameter :${unknown}`, {
      code: 'USAGE',
      hint: `write :${unknown} where the value belongs, or leave --param ${unknown} out`,
    })
  }
  return { text, statements, parameters }
}

async function readText({ statement, file }: SqlOptions, { env }: CommandContext): Promise<string> {
  if (statement !== undefined && file !== undefined)
    throw new InvalidInputError('a statement and --file exclude each other', {
      code: 'USAGE',
      hint: 'give one of them',
    })
  if (statement === '-' || file === '-') return await readAll(env.stdin.stream())
  if (file !== undefined) return readScript(resolve(env.currentDirectory, file), file)
  if (statement === undefined) throw nothingGiven('sql needs a statement')
  return statement
}

function readScript(path: string, typed: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EISDIR')
      throw new InvalidInputError(`${typed} is a directory`, { code: 'USAGE', hint: 'name a file' })
    if (code !== 'ENOENT') throw cause
    throw new NotFoundError(`there is no file ${typed}`, { hint: 'check the path', details: { path: typed }, cause })
  }
}

function nothingGiven(message: string): InvalidInputError {
  return new InvalidInputError(message, {
    code: 'USAGE',
    hint: 'give one in quotes, --file <path>, or - to read standard input',
  })
}
