import { inspect, types } from 'node:util'
import { type Context, Script } from 'node:vm'
import { InvalidInputError, MantissaError } from '../../../base/errors.js'
import { InterruptedError } from '../../cli-env.js'

/** Code that a person gave has thrown something that no part of the toolkit has thrown. */
export class EvaluationError extends InvalidInputError {
  constructor(thrown: unknown) {
    super(
      `the code failed: ${types.isNativeError(thrown) ? `${thrown.name}: ${thrown.message}` : inspect(thrown, { breakLength: Number.POSITIVE_INFINITY })}`,
      {
        code: 'CODE_FAILED',
        hint: 'what there is to work with: mantissa browse --help',
        cause: thrown,
      },
    )
  }
}

/**
 * What the code comes to, as the last of its statements has it.
 *
 * @throws errors of the toolkit as they are, InterruptedError after Ctrl-C, EvaluationError for anything else.
 */
export async function evaluate(code: string, context: Context): Promise<unknown> {
  try {
    return await compile(code).runInContext(context, { breakOnSigint: true })
  } catch (error) {
    if (error instanceof MantissaError) throw error
    if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
      throw new InterruptedError('interrupted')
    throw new EvaluationError(error)
  }
}

/** Whether more lines could make sense of the code. */
export function isUnfinished(error: unknown, code: string): boolean {
  if (!(error instanceof EvaluationError) || !(error.cause instanceof SyntaxError)) return false
  const { message } = error.cause
  if (message === 'missing ) after argument list') return count(code, '(') > count(code, ')')
  return message === 'Unexpected end of input' || message === 'Unterminated template literal'
}

/**
 * What begins with a brace is meant as an object wherever it can be one, and an expression may await something.
 * @throws SyntaxError
 */
function compile(code: string): Script {
  const isObject = /^\s*\{/.test(code) && !/;\s*$/.test(code)
  const asObject = isObject ? compileIfValid(`(${code}\n)`) : undefined
  return asObject ?? compileIfValid(code) ?? compileAwaiting(code) ?? new Script(code, { filename: 'browse' })
}

function compileAwaiting(code: string): Script | undefined {
  return /\bawait\b/.test(code) ? compileIfValid(`(async () => (${code.replace(/;\s*$/, '')}\n))()`) : undefined
}

function compileIfValid(code: string): Script | undefined {
  try {
    return new Script(code, { filename: 'browse' })
  } catch {
    return undefined
  }
}

function count(text: string, character: string): number {
  return text.split(character).length
}
