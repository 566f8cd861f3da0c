import { MantissaError } from '../../../base/errors.js'
import { InterruptedError } from '../../cli-env.js'
import { inWords } from '../../file-failure.js'

/** Code and message of what one of many met, as the error of a single deed would have had them. */
export function failureIn(thrown: unknown): { readonly code: string; readonly message: string } {
  const error = inWords(thrown)
  if (error instanceof MantissaError) return { code: error.code, message: error.message }
  if (error instanceof InterruptedError) return { code: 'INTERRUPTED', message: error.message }
  return { code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) }
}
