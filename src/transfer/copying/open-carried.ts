import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { Store, type StoreOptions } from '../../store-engine/store.js'
import { UnmovableFileError } from '../transfer-errors.js'

/**
 * Opens the store of a user who is being moved. Moving carries what it does not understand: a newer version of a
 * known item type is no hindrance here.
 *
 * @throws UnmovableFileError where the database is a link: it would bring somebody else's store along.
 */
export function openCarried(directory: string, options: StoreOptions = {}): Store {
  for (const suffix of ['', '-wal', '-shm', '-journal']) refuseLink(join(directory, `db.sqlite${suffix}`))
  return Store.open(directory, { ...options, tolerateNewer: true })
}

function refuseLink(path: string): void {
  if (isLink(path)) throw new UnmovableFileError(path, 'is a symbolic link, not a regular file')
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    // Nothing there, or nothing that one may look at: opening the store says which.
    return false
  }
}
