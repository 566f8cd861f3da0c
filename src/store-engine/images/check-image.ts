import { dirname } from 'node:path'
import { DiskFullError, isFull, StoreUnreadableError } from '../database/sqlite-errors.js'
import { inImageThread } from './image-threads.js'

/** The system's failures to read, which say nothing of the database; a read past the end of a cut-off file does. */
const NO_FINDING = /^SQLITE_(?:IOERR(?!_SHORT_READ)|FULL|CANTOPEN|NOMEM)/

/**
 * Runs SQLite's check over the image of a database that nobody writes, in another thread. Meanwhile the caller may
 * read the file: losing SQLite's locks by that hurts nobody here.
 *
 * @returns the first finding, or undefined when there is none. A file that is no database at all is a finding too.
 * @throws DiskFullError, StoreUnreadableError: it could not be checked.
 */
export async function checkImage(file: string, depth: 'quick' | 'full' = 'quick'): Promise<string | undefined> {
  try {
    const finding = await inImageThread('checkPages', file, depth === 'full' ? 'integrity_check' : 'quick_check')
    return finding === 'ok' ? undefined : finding
  } catch (error) {
    const { message, code } = error as Error & { readonly code?: string }
    // Without a code of SQLite's it was not the check that failed.
    if (code === undefined || !code.startsWith('SQLITE_')) throw error
    if (!NO_FINDING.test(code)) return message
    throw isFull(dirname(file))
      ? new DiskFullError(dirname(file), error)
      : new StoreUnreadableError(dirname(file), error)
  }
}
