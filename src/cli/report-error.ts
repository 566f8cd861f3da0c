/**
 * The only place that tells a person of a failure: two lines, `error:` with what went wrong and `try:` with what to do;
 * with `--json` one object instead. Both on standard error.
 */
import { MantissaError } from '../base/errors.js'
import type { JsonObject } from '../base/json.js'
import { type CliEnv, InterruptedError, OutputClosedError } from './cli-env.js'
import { exitCodeOf } from './exit-codes.js'
import { inWords } from './file-failure.js'
import { loadPalette, wantsColour } from './printer/colour.js'
import { printableJson, printableLines, printableOn } from './printer/printable.js'

export interface ErrorStyle {
  readonly json: boolean
  readonly debug: boolean
  readonly colour: boolean
}

/** Prints the error and returns its exit code. A closed pipe prints nothing. */
export async function reportError(thrown: unknown, env: CliEnv, style: ErrorStyle): Promise<number> {
  const error = inWords(thrown)
  if (error instanceof OutputClosedError) return exitCodeOf(error)
  const told = describe(error)
  if (style.json) await env.stderr.write(`${printableJson({ error: told }, 2)}\n`)
  else await writeLines(told, env, style.colour)
  if (style.debug && error instanceof Error)
    await env.stderr.write(printableLines(`${error.stack ?? error.message}\n${causes(error)}`))
  return exitCodeOf(error)
}

interface ToldError extends JsonObject {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly details: JsonObject
}

function describe(error: unknown): ToldError {
  if (error instanceof MantissaError) {
    return { code: error.code, message: error.message, hint: error.hint, details: error.details }
  }
  if (error instanceof InterruptedError) {
    return { code: 'INTERRUPTED', message: error.message || 'interrupted', hint: error.hint, details: {} }
  }
  return {
    code: 'UNEXPECTED',
    message: `unexpected failure: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'this is a bug in mantissa: run it again with --debug and report what it prints',
    details: {},
  }
}

async function writeLines(told: ToldError, env: CliEnv, colourAllowed: boolean): Promise<void> {
  const { fault, advice } = await loadPalette(wantsColour(env, env.stderr, colourAllowed))
  const printable = printableOn(env, env.stderr)
  const hint = told.hint === '' ? `mantissa explain ${told.code}` : told.hint
  await env.stderr.write(`${fault('error:')} ${printable(told.message)}\n${advice('try:')} ${printable(hint)}\n`)
}

function causes(error: Error): string {
  return error.cause instanceof Error
    ? `caused by ${error.cause.stack ?? error.cause.message}\n${causes(error.cause)}`
    : ''
}
