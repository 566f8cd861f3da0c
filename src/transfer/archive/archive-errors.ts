import { MantissaError } from '../../base/errors.js'
import { MalformedArchiveError, TruncatedArchiveError } from '../transfer-errors.js'

/** One stream of the chain says only that another ended early; that other one knows why. */
export function isEcho(error: unknown): boolean {
  return error instanceof Error && /premature close|stream was destroyed|closed prematurely/i.test(error.message)
}

/** Errors of zlib and of the tar reader, in this project's words. */
export function translate(error: unknown): unknown {
  // What the system refuses may speak of a path in which any word can stand.
  if (error instanceof MantissaError || !(error instanceof Error) || 'syscall' in error) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'Z_BUF_ERROR' || error.message === 'Unexpected end of data' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return new TruncatedArchiveError('the archive is cut off', {}, error)
  if (code.startsWith('Z_')) return new MalformedArchiveError('the archive is not gzip, or it is damaged', {}, error)
  if (/tar|header/i.test(error.message))
    return new MalformedArchiveError('the archive is not a tar file, or it is damaged', {}, error)
  return error
}
