import { type BigIntStats, statSync } from 'node:fs'
import { join } from 'node:path'
import { NotAStoreError } from '../errors.js'
import { StoreUnreadableError } from './sqlite-errors.js'

/**
 * The file that lies at a store's `db.sqlite` at one moment.
 *
 * SQLite opens the database at once, but its log and the shared memory by their paths at the first read. Where the
 * directory is renamed in between, they are found missing, or are those of a store that has taken its place. So whoever
 * opens asks before and after the first read whether it is still the same file.
 */
export class DatabaseFile {
  readonly path: string
  readonly #directory: string
  readonly #found: BigIntStats

  private constructor(directory: string, found: BigIntStats) {
    this.path = pathIn(directory)
    this.#directory = directory
    this.#found = found
  }

  /** @throws NotAStoreError where there is none; StoreUnreadableError where one may not look. */
  static at(directory: string): DatabaseFile {
    const place = statOf(directory, directory)
    if (place === undefined) throw new NotAStoreError(directory, 'there is no such directory')
    if (!place.isDirectory()) throw new NotAStoreError(directory, 'it is a file')
    const found = statOf(pathIn(directory), directory)
    if (found?.isFile() !== true) throw new NotAStoreError(directory, 'it holds no db.sqlite')
    return new DatabaseFile(directory, found)
  }

  /** Whether its path now leads nowhere, or to another file; false where one may not look any more. */
  get hasMoved(): boolean {
    try {
      const now = statOf(this.path, this.#directory)
      return now?.ino !== this.#found.ino || now.dev !== this.#found.dev
    } catch {
      return false
    }
  }
}

function pathIn(directory: string): string {
  return join(directory, 'db.sqlite')
}

/** Undefined where there is nothing. */
function statOf(path: string, directory: string): BigIntStats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false, bigint: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw new StoreUnreadableError(directory, error)
  }
}
