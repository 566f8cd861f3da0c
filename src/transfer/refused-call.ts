import { translateFileError } from '../store-engine/database/sqlite-errors.js'

/** What says that a disk is full, fails or cannot be written; of anything else the system's own words say more. */
const OF_THE_DISK = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'])

/**
 * What stopped a move, in the words that the stores have for it, where the operating system has refused a file: so a
 * full disk is a `DISK_FULL` whether SQLite has met it or a copied file. Anything else passes unchanged.
 *
 * @param directory - where it was, unless the error names a file; undefined where that may be an output that somebody
 *   else has opened, of which the caller knows more.
 */
export function refusedCall(error: unknown, directory: string | undefined): unknown {
  const { code, path = directory } = error as NodeJS.ErrnoException
  return path !== undefined && OF_THE_DISK.has(code ?? '') ? translateFileError(error, path) : error
}
