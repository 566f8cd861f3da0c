import { MantissaError } from '../../base/errors.js'
import { ArchiveRefusedError } from '../archive-faults.js'

/** One stream of the chain says only that another ended early; that other one knows why. */
export function isEcho(error: unknown): boolean {
  return error instanceof Error && /premature close|stream was destroyed|closed prematurely/i.test(error.message)
}

/** What the decompressor and the tar reader say of bytes that do not even begin like those of an archive. */
const STRANGE_BEGINNING = /incorrect header check|unknown compression method|tar header/i

/** Errors of zlib and of the tar reader, in this project's words. Before its manifest nothing shows what a file is. */
export function translate(error: unknown, hasManifest: boolean): unknown {
  // What the system refuses may speak of a path in which any word can stand.
  if (error instanceof MantissaError || !(error instanceof Error) || 'syscall' in error) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'Z_BUF_ERROR' || error.message === 'Unexpected end of data' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return new ArchiveRefusedError('ARCHIVE_TRUNCATED', 'the archive is cut off', {}, error)
  if (!hasManifest && STRANGE_BEGINNING.test(error.message))
    return new ArchiveRefusedError('NOT_AN_ARCHIVE', 'it is no archive: not a tar that gzip has compressed', {}, error)
  if (code.startsWith('Z_') || /tar|header/i.test(error.message))
    return new ArchiveRefusedError('ARCHIVE_DAMAGED', 'the archive is damaged: its bytes were changed', {}, error)
  return error
}
