/**
 * Failures that no deeper layer has put into words: refusals of the operating system (files that a command reads or
 * writes beside the stores, standard output where an archive goes to it), texts that are too long for this program, and
 * what Ctrl-C has stopped.
 */
import {
  DeniedError,
  InvalidInputError,
  type MantissaError,
  RolledBackError,
  UnavailableError,
} from '../base/errors.js'
import { InterruptedError, OutputClosedError } from './cli-env.js'

/** The error in words for the person, or as it is where the system has not refused anything. */
export function inWords(error: unknown): unknown {
  const reason = interruptionBehind(error)
  if (reason !== undefined) return reason
  if (isTooLong(error)) return tooLong(error)
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).syscall === undefined) return error
  const { code = '', path = 'the output' } = error as NodeJS.ErrnoException
  if (code === 'EPIPE') return new OutputClosedError('the reader has gone')
  return refusal(code, path, error) ?? error
}

/** V8 holds no string of more than half a GiB; a value in a store may be longer, in hexadecimal or with escapes. */
function isTooLong(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_STRING_TOO_LONG' || (error instanceof RangeError && message === 'Invalid string length')
}

function tooLong(cause: unknown): InvalidInputError {
  const hint = 'ask for a part of it: mantissa sql "SELECT substr(column, 1, 1000) FROM ..."'
  return new InvalidInputError('a value is too long to be printed', { code: 'TOO_LONG_TO_PRINT', hint, cause })
}

/** Ctrl-C behind an operation that it aborted, or a deed that was taken back for it. What is pending stays pending. */
function interruptionBehind(error: unknown): InterruptedError | undefined {
  if (!(error instanceof Error)) return undefined
  const isAborted = error.name === 'AbortError' || error instanceof RolledBackError
  const reason = error.cause instanceof Error ? (interruptionBehind(error.cause) ?? error.cause) : undefined
  if (!isAborted || !(reason instanceof InterruptedError)) return undefined
  return error instanceof RolledBackError ? new InterruptedError(error.message, AGAIN) : reason
}

const AGAIN = { hint: 'give the same command again when it may take its time' }

function refusal(code: string, path: string, cause: Error): MantissaError | undefined {
  const details = { path, reason: code }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    const hint = 'make room, or send it elsewhere, and run the command again'
    return new UnavailableError(`no space left for ${path}`, { code: 'NO_ROOM', hint, details, cause })
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const what = code === 'EROFS' ? 'lies on a file system that cannot be written' : 'is not permitted to this user'
    const hint = 'check the permissions, or run it as the owner of the site'
    return new DeniedError(`${path} ${what}`, { code: 'FILE_DENIED', hint, details, cause })
  }
  if (code !== 'EIO' && code !== 'EMFILE' && code !== 'ENFILE' && code !== 'ESTALE') return undefined
  const hint = 'check the disk and the limits of the system, and run the command again'
  return new UnavailableError(`${path} cannot be used: ${cause.message}`, { code: 'FILE_FAILED', hint, details, cause })
}
